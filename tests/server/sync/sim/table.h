// What many histories came to, world by world, as Markdown.
#pragma once

#include <map>
#include <string>

#include "tests/server/sync/sim/history.h"
#include "tests/server/sync/sim/verdict.h"

namespace crm::test::sim {

class Table {
   public:
    void add(World world, const Verdict& verdict);
    [[nodiscard]] std::string text() const;

   private:
    struct Row {
        std::int64_t seeds = 0;
        std::int64_t violated = 0;
        Figures sum;
        std::map<std::string, std::int64_t> violations;
        std::int64_t cycles = 0;
    };
    std::map<World, Row> rows_;
};

}  // namespace crm::test::sim
