// Public keys for tests; their private halves were thrown away.
#pragma once

#include <string_view>

namespace fanfare::crypto {

inline constexpr std::string_view kRsaPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxm6YRAxKLverXFYmNqT/\n"
    "Ka3DjLYjFwm78PBjBjJMO11fdAb4DEnFYjaD/Z4kna9LKBMnMTjxD52pvey+WMWM\n"
    "yX6C+o6slZ7nWlk81DHb9erRN+ckc7lKXaUKMY7wgQ4zct+lzUxpHKjaGhV6Gw+k\n"
    "pXxV6crlDXGqwWMQ06BKdeDTwpTWJirjLJ+mtgN2OX8bS4cA2rNh9LoPCFHaBmgu\n"
    "LKMuGo5nYuFD0e/KrTIwyyramhA94jELu4wBk/rmmYHOMrqHv9GRWUNVW0vHSGIB\n"
    "PmnhvB1MXUXVVo//EWcnm5bcuWW5O9IvjkoXg7zHboLpCF3CRs8cqvALVJZi1YhW\n"
    "zQIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
inline constexpr std::string_view kEcPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAETLDLCzPjPfw6k5I4pqQn1V3aqvjD\n"
    "x8XOLp23fbBXKN31MTBmMsTEsNp2C/H2oPS/5bFjS6W7ZvfMHof3ETaBLQ==\n"
    "-----END PUBLIC KEY-----\n";
inline constexpr std::string_view kSmallRsaPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC6Ey1g7v7D2Ow6pzFljdkuF6Uq\n"
    "ekeKne8ZnO+JXYPkeVujlRX80Z21AklL19EH5OpDVH2ULk3gw5xqP+spSSeXkn0V\n"
    "oRd3LoeMJX/pnK/vQOwInEyDzpsTmrz4YajOfj9qc007dR/gkmFxVNiijwWEFH2k\n"
    "shLLew5Tr1v9X+REfwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
inline constexpr std::string_view kP384Pem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEoRIlmMolItmpv1XSwzW7fwbjofHESTZs\n"
    "uRJ/0bpOHsJqFQbKINGQlsQ6sFPcX6IRN9Oqg9nnSCv9MAohHaKyB0CklOGtrj42\n"
    "pN8I0Gm1jBUymDVzHK1ciQZ2bgKNhhGR\n"
    "-----END PUBLIC KEY-----\n";
inline constexpr std::string_view kRsaN =
    "xm6YRAxKLverXFYmNqT_Ka3DjLYjFwm78PBjBjJMO11fdAb4DEnFYjaD_Z4kna9LKBMnMTjxD52pvey-WMWMyX6C-o6slZ7nWlk8"
    "1DHb9erRN-ckc7lKXaUKMY7wgQ4zct-lzUxpHKjaGhV6Gw-kpXxV6crlDXGqwWMQ06BKdeDTwpTWJirjLJ-mtgN2OX8bS4cA2rNh"
    "9LoPCFHaBmguLKMuGo5nYuFD0e_KrTIwyyramhA94jELu4wBk_rmmYHOMrqHv9GRWUNVW0vHSGIBPmnhvB1MXUXVVo__EWcnm5bc"
    "uWW5O9IvjkoXg7zHboLpCF3CRs8cqvALVJZi1YhWzQ";
inline constexpr std::string_view kRsaE = "AQAB";
inline constexpr std::string_view kEcX = "TLDLCzPjPfw6k5I4pqQn1V3aqvjDx8XOLp23fbBXKN0";
inline constexpr std::string_view kEcY = "9TEwZjLExLDadgvx9qD0v-WxY0ulu2b3zB6H9xE2gS0";

}  // namespace fanfare::crypto
