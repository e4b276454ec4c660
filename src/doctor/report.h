// What the doctor tells, for people and for machines. Pure.
#pragma once

#include <string>
#include <vector>

#include "doctor/check.h"
#include "doctor/plan.h"

namespace fanfare::doctor {

// A line a check; below those that are not ok what is needed and how to get there. Then a line that counts them.
std::string report_text(const Plan& plan, const std::vector<Check>& checks);

// {"connections":10000,"verdict":"fail","checks":[{"id":"nr_open","verdict":"fail","found":"…","needed":"…",
//  "remedies":[{"where":"run","line":"sysctl -w …"}]}]}
// "verdict" of the whole is the worst of all. Ids and verdicts stay; the texts may change.
std::string report_json(const Plan& plan, const std::vector<Check>& checks);

}  // namespace fanfare::doctor
