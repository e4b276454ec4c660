#include "doctor/report.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "doctor/doctor.h"
#include "doctor/quantity.h"
#include "json/json_writer.h"

namespace fanfare::doctor {

namespace {

constexpr std::string_view kIndent = "         ";

void append_check(std::string& text, const Check& check) {
  if (check.found.find('\n') == std::string::npos) {
    text += fmt::format("{:<8} {:<22}  {}\n", verdict_name(check.verdict), check.id, check.found);
  } else {
    // Faults of a configuration are a line each: all of them stand below one another.
    text += fmt::format("{:<8} {}\n{}", verdict_name(check.verdict), check.id, kIndent);
    for (const char c : check.found) {
      text += c;
      if (c == '\n') text += kIndent;
    }
    text += '\n';
  }
  if (check.verdict == Verdict::kOk) return;
  text += fmt::format("{}needed: {}\n", kIndent, check.needed);
  for (const Remedy& remedy : check.remedies) text += fmt::format("{}{}: {}\n", kIndent, remedy.where, remedy.line);
}

std::string counts_text(const std::vector<Check>& checks) {
  std::string text = fmt::format("{} checks:", checks.size());
  for (const Verdict verdict : {Verdict::kOk, Verdict::kUnknown, Verdict::kWarn, Verdict::kFail}) {
    const auto count = std::ranges::count(checks, verdict, &Check::verdict);
    text += fmt::format("{}{} {}", verdict == Verdict::kOk ? " " : ", ", count, verdict_name(verdict));
  }
  return text + ".";
}

}  // namespace

std::string report_text(const Plan& plan, const std::vector<Check>& checks) {
  std::string text = fmt::format("For {} connections:\n", grouped(plan.connections));
  for (const Check& check : checks) append_check(text, check);
  return text + counts_text(checks);
}

std::string report_json(const Plan& plan, const std::vector<Check>& checks) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object().key("connections").integer(plan.connections);
  writer.key("verdict").string(verdict_name(worst_of(checks)));
  writer.key("checks").begin_array();
  for (const Check& check : checks) {
    writer.begin_object().key("id").string(check.id).key("verdict").string(verdict_name(check.verdict));
    writer.key("found").string(check.found).key("needed").string(check.needed).key("remedies").begin_array();
    for (const Remedy& remedy : check.remedies) {
      writer.begin_object().key("where").string(remedy.where).key("line").string(remedy.line).end_object();
    }
    writer.end_array().end_object();
  }
  writer.end_array().end_object();
  return text;
}

}  // namespace fanfare::doctor
