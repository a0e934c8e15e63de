#include "server/commands/exchange_commands.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "server/commands/command_words.h"
#include "server/commands/console.h"
#include "server/commands/offline.h"
#include "server/exchange/exporter.h"
#include "server/exchange/importer.h"
#include "server/store/backup.h"
#include "shared/api_exchange_json.h"
#include "shared/text.h"

namespace crm::commands {
namespace {

constexpr std::size_t kPartBytes = 64 * 1024;
constexpr std::size_t kProblemsShown = 20;

Error unreadable(const std::string& file) {
    return {ErrorCode::Unavailable, "The file " + file + " cannot be read; is the name right?"};
}

class FileSource final : public exchange::ByteSource {
   public:
    explicit FileSource(std::string file) : file_(std::move(file)) {}

    Result<std::string> next() override {
        std::string part(kPartBytes, '\0');
        stream_.read(part.data(), static_cast<std::streamsize>(part.size()));
        if (stream_.bad()) return unreadable(file_);
        part.resize(static_cast<std::size_t>(stream_.gcount()));
        return part;
    }

    Status rewind() override {
        std::error_code problem;
        stream_ = std::ifstream(file_, std::ios::binary);
        const bool is_file = std::filesystem::is_regular_file(file_, problem);
        return is_file && stream_ ? Status() : Status(unreadable(file_));
    }

   private:
    std::string file_;
    std::ifstream stream_;
};

/// What --format says, else the ending of the file.
Result<exchange::Format> import_format(const Words& words) {
    const std::string* format = words.find("--format");
    const bool is_cards = lower_text(words.file).ends_with(".vcf");
    if (format == nullptr) return is_cards ? exchange::Format::Vcard : exchange::Format::Csv;
    const exchange::Format read = CRM_TRY(exchange::parse_format(*format));
    if (read != exchange::Format::Json) return read;
    return Error{ErrorCode::BadRequest, "The format must be csv or vcf"};
}

Result<exchange::ImportOptions> import_options(const Words& words) {
    exchange::ImportOptions options;
    options.format = CRM_TRY(import_format(words));
    options.is_dry_run = words.find("--dry-run") != nullptr;
    options.file_name = std::filesystem::path(words.file).filename().string();
    options.actor = "contacts-server import";
    if (const std::string* key = words.find("--key")) {
        options.key = CRM_TRY(exchange::parse_import_key(*key));
    }
    if (const std::string* map = words.find("--map")) {
        options.mapping = CRM_TRY(api::read_mapping(*map));
    }
    return options;
}

/// Never over a file that is there.
Status write_new_file(const std::string& file, const std::string& text) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return Error{ErrorCode::Unavailable,
                     "The file " + file + " cannot be created; name a new one"};
    }
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    const bool is_whole = written == static_cast<ssize_t>(text.size());
    if (::close(descriptor) == 0 && is_whole) return {};
    return Error{ErrorCode::Unavailable, "The file " + file + " could not be written as a whole"};
}

std::string counts_of(const api::ImportReport& report) {
    return std::to_string(report.created) + " created, " + std::to_string(report.updated) +
           " updated, " + std::to_string(report.unchanged) + " unchanged, " +
           std::to_string(report.refused) + " refused";
}

void tell_columns(const api::ImportReport& report) {
    for (const api::ImportColumn& column : report.columns) {
        const std::string meaning = column.field.empty() ? "left out" : column.field;
        say("  " + column.header + ": " + meaning);
    }
}

void tell(const api::ImportReport& report) {
    say("read as " + report.format + ", " + report.encoding +
        (report.separator.empty() ? "" : ", separated by '" + report.separator + "'"));
    tell_columns(report);
    say((report.is_dry_run ? "nothing was changed; it would be: " : "") + counts_of(report));
    if (!report.id.empty()) say("this import is " + report.id);
    const std::size_t shown = std::min(kProblemsShown, report.problems.size());
    for (std::size_t index = 0; index < shown; ++index) {
        const api::ImportProblem& problem = report.problems[index];
        static_cast<void>(
            complain("row " + std::to_string(problem.row) + ": " + problem.reason, kExitRefused));
    }
}

Status run_import(const Config& config, const Words& words) {
    const exchange::ImportOptions options = CRM_TRY(import_options(words));
    FileSource source(words.file);
    CRM_TRY(source.rewind());
    const std::unique_ptr<Offline> offline = CRM_TRY(Offline::open(config));
    const CustomerId customer =
        CRM_TRY(offline->customer(words.find("--customer"), config.dev_customer));
    const exchange::ImportOutcome outcome =
        CRM_TRY(exchange::import_contacts(offline->contacts(), customer, source, options));
    tell(outcome.report);
    const std::string* problems = words.find("--problems");
    if (problems == nullptr || outcome.report.problems_csv.empty()) return {};
    CRM_TRY(write_new_file(*problems, outcome.report.problems_csv));
    say("refused rows are in " + *problems);
    return {};
}

/// A folder beside the database for a copy of it; gone with this.
class CopyFolder {
   public:
    explicit CopyFolder(const std::filesystem::path& data) {
        std::string name = (data / "export-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) path_ = name;
    }
    CopyFolder(const CopyFolder&) = delete;
    CopyFolder& operator=(const CopyFolder&) = delete;
    ~CopyFolder() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] bool is_there() const { return !path_.empty(); }
    [[nodiscard]] std::filesystem::path file() const { return path_ / "contacts.db"; }

   private:
    std::filesystem::path path_;
};

struct ExportWish {
    exchange::ExportOptions options;
    ContactQuery query;
};

Result<ExportWish> read_export(const Words& words) {
    ExportWish wish;
    if (const std::string* format = words.find("--format")) {
        wish.options.format = CRM_TRY(exchange::parse_format(*format));
    }
    if (const std::string* version = words.find("--vcard")) {
        wish.options.version = CRM_TRY(exchange::parse_vcard_version(*version));
    }
    if (const std::string* text = words.find("--search")) wish.query.text = *text;
    if (const std::string* sort = words.find("--sort")) {
        wish.query.sort = CRM_TRY(parse_sort(*sort));
    }
    if (const std::string* deleted = words.find("--deleted")) {
        wish.query.deleted = CRM_TRY(parse_deleted(*deleted));
    }
    return wish;
}

Status write_all(exchange::Exporter& exporter, std::FILE* file) {
    while (true) {
        const std::optional<std::string> part = CRM_TRY(exporter.next());
        if (!part) break;
        if (std::fwrite(part->data(), 1, part->size(), file) != part->size()) break;
    }
    if (std::ferror(file) == 0 && std::fflush(file) == 0) return {};
    return Error{ErrorCode::Unavailable,
                 "The export could not be written as a whole; see if the disk is full"};
}

/// To standard output, or into a new file.
Status write_out(exchange::Exporter& exporter, const std::string* name) {
    if (name == nullptr) return write_all(exporter, stdout);
    const int descriptor = ::open(name->c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    std::FILE* file = descriptor < 0 ? nullptr : ::fdopen(descriptor, "w");
    if (file == nullptr) {
        return Error{ErrorCode::Unavailable,
                     "The file " + *name + " cannot be created; name a new one"};
    }
    Status written = write_all(exporter, file);
    std::fclose(file);
    return written;
}

Status run_export(const Config& config, const Words& words) {
    const ExportWish wish = CRM_TRY(read_export(words));
    CRM_TRY(check_is_there(config));
    const CopyFolder folder(config.data);
    if (!folder.is_there()) {
        return Error{ErrorCode::Unavailable,
                     "No copy of the database can be made in " + config.data.string() +
                         "; see if it can be written"};
    }
    CRM_TRY(store::back_up(database_file(config), folder.file()));
    const std::unique_ptr<Offline> offline = CRM_TRY(Offline::open_file(folder.file()));
    const CustomerId customer =
        CRM_TRY(offline->customer(words.find("--customer"), config.dev_customer));
    const auto links = wish.options.format == exchange::Format::Json
                           ? ContactService::Links::Filled
                           : ContactService::Links::LeftOut;
    exchange::Exporter exporter(
        CRM_TRY(offline->contacts().open_reader(customer, wish.query, links)), wish.options);
    return write_out(exporter, words.find("--out"));
}

int run(const Config& config, const WordRules& rules, Status (*work)(const Config&, const Words&)) {
    const Result<Words> words = read_words(config.words, rules);
    if (!words.is_ok()) return complain(words.error().message, kExitWrongSettings);
    umask(077);
    const Status done = work(config, words.value());
    return done.is_ok() ? EXIT_SUCCESS : complain(done.error());
}

}  // namespace

int import_file(const Config& config) {
    return run(
        config,
        {"import", true, {"--format", "--key", "--map", "--problems", "--customer"}, {"--dry-run"}},
        run_import);
}

int export_file(const Config& config) {
    return run(config,
               {"export",
                false,
                {"--format", "--vcard", "--out", "--search", "--sort", "--deleted", "--customer"},
                {}},
               run_export);
}

}  // namespace crm::commands
