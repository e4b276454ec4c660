#include "access/shipped_rules.h"

namespace fanfare::access {

std::vector<RuleText> shipped_rules() {
  return {
      // channel, subscribe, trigger, client events
      {"public-dashboard", "anyone", "teacher", ""},
      {"public-notifications", "anyone", "teacher", ""},
      {"dashboard-updates", "anyone", "teacher", ""},
      {"content-generation", "anyone", "teacher", ""},
      {"agent-status", "anyone", "admin", ""},
      {"private-admin", "admin", "admin", "admin"},
      {"private-teacher", "teacher", "teacher", "teacher"},
      {"private-student", "student", "teacher", ""},
      {"private-user-{user_id}", "user_id={user_id}, admin", "user_id={user_id}, teacher", "user_id={user_id}, admin"},
      {"private-class-{class_id}", "classes={class_id}, teacher", "teacher", "teacher"},
      {"presence-classroom-{room_id}", "student", "teacher", "student"},
      {"presence-admin", "admin", "admin", "admin"},
      {"agent-tasks", "teacher", "admin", ""},
      {"agent-{agent_id}", "admin", "admin", ""},
      {"agent-metrics", "admin", "admin", ""},
      {"system-health", "admin", "admin", ""},
  };
}

}  // namespace fanfare::access
