// How a function says that the world would not let it do its work: Result<T>, or Status where there
// is nothing to return. Bugs are asserts; exceptions stop in the file that calls the throwing
// library.
//
// Error messages are one sentence for a person: what happened and what to do.
#pragma once

#include <cassert>
#include <map>
#include <string>
#include <utility>
#include <variant>

namespace crm {

enum class ErrorCode {
    BadRequest,            // 400: not JSON, broken UTF-8, unknown cursor, sort or filter
    Unauthorized,          // 401
    Forbidden,             // 403
    NotFound,              // 404: no such thing, or another customer's
    MethodNotAllowed,      // 405
    Conflict,              // 409: the e-mail belongs to another live contact
    VersionMismatch,       // 412: somebody else changed the same field
    TooLarge,              // 413
    UnsupportedMediaType,  // 415
    InvalidArgument,       // 422: with `fields`
    RateLimited,           // 429
    Internal,              // 500
    Unavailable,           // 503
};

struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::map<std::string, std::string> fields =
        {};  // wire name of a field -> what is wrong with it
    std::string details_json =
        {};  // further members of the error object, as a JSON object, or empty

    bool operator==(const Error&) const = default;
};

template <class T>
class [[nodiscard]] Result {
   public:
    // Both convert on purpose: `return contact;` and `return error;` are the way to make one.
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool is_ok() const { return state_.index() == 0; }
    [[nodiscard]] const T& value() const {
        assert(is_ok());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] T& value() {
        assert(is_ok());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] T take() {
        assert(is_ok());
        return std::move(*std::get_if<0>(&state_));
    }
    [[nodiscard]] const Error& error() const {
        assert(!is_ok());
        return *std::get_if<1>(&state_);
    }

   private:
    std::variant<T, Error> state_;
};

/// The outcome of something that returns nothing.
class [[nodiscard]] Status {
   public:
    Status() = default;
    Status(Error error) : error_(std::move(error)), ok_(false) {}

    [[nodiscard]] bool is_ok() const { return ok_; }
    [[nodiscard]] const Error& error() const {
        assert(!ok_);
        return error_;
    }
    void take() const {}

   private:
    Error error_;
    bool ok_ = true;
};

}  // namespace crm

// `const Contact old = CRM_TRY(store.find(id));` passes an error on to the caller, else yields the
// value.
#define CRM_TRY(expression)                                           \
    __extension__({                                                   \
        auto crm_try_outcome = (expression);                          \
        if (!crm_try_outcome.is_ok()) return crm_try_outcome.error(); \
        crm_try_outcome.take();                                       \
    })
