// The doctor: everything that is checked, in the order in which it is told. Pure.
#pragma once

#include <vector>

#include "doctor/check.h"
#include "doctor/host.h"
#include "doctor/plan.h"

namespace fanfare::doctor {

// Of the machine; what the server itself needs is in server_checks.h.
std::vector<Check> check_host(const Plan& plan, const Host& host);

// The worst of all; kOk when there is none.
Verdict worst_of(const std::vector<Check>& checks) noexcept;

}  // namespace fanfare::doctor
