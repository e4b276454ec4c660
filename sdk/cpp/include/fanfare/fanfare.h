// Everything of the C++ server SDK.
#pragma once

#include "fanfare/agent_events.h"  // IWYU pragma: export
#include "fanfare/auth.h"          // IWYU pragma: export
#include "fanfare/client.h"        // IWYU pragma: export
#include "fanfare/encryption.h"    // IWYU pragma: export
#include "fanfare/names.h"         // IWYU pragma: export
#include "fanfare/webhook.h"       // IWYU pragma: export
