// Tokens that other programs signed (Python's joserfc), under the keys of crypto/public_keys_test_support.h. Their
// claims: {"sub":"7","role":"teacher","name":"Ida","exp":4102444800}, 2100-01-01.
#pragma once

#include <string_view>

namespace fanfare::jwt {

inline constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
inline constexpr std::string_view kHs256Token =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3Iiwicm9sZSI6InRlYWNoZXIiLCJuYW1lIjoiSWRhIiwiZXhwIjo"
    "0MTAyNDQ0ODAwfQ.gyZdZolcnLpDRxnGwleQP1cwm9xSn6nJk6PIebz_Kok";
inline constexpr std::string_view kHs384Token =
    "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3Iiwicm9sZSI6InRlYWNoZXIiLCJuYW1lIjoiSWRhIiwiZXhwIjo"
    "0MTAyNDQ0ODAwfQ.50ROzVKHb793Z8-c07szbiV9tBDP9GrkRu8ediBwa0QO_K7QLNdSoGa3TDfinhe4";
inline constexpr std::string_view kHs512Token =
    "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3Iiwicm9sZSI6InRlYWNoZXIiLCJuYW1lIjoiSWRhIiwiZXhwIjo"
    "0MTAyNDQ0ODAwfQ.U7JNm-4X0Qkpo_u2gYJwGNinZYJyENce0uNojOt89g21_XimKglwlQjEy7GA_A-d0-C_KknT3nKwtByO21VW"
    "lA";
inline constexpr std::string_view kRs256Token =
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InJzYS0xIn0.eyJzdWIiOiI3Iiwicm9sZSI6InRlYWNoZXIiLCJuYW1l"
    "IjoiSWRhIiwiZXhwIjo0MTAyNDQ0ODAwfQ.FGJQt4G_UIhbOIMfF-SWJE03OsHNm-EnSS0rhJZT8uLc4jSj3SeH1vZ1rwV2fH18K"
    "LFmjDKYTnzzidNt85VmsDm-QCCgkPWOWJurmujxgiK1sv7uik4oItDaL9vNqKVnYvn6xB0lB5tILVFF--Ig2f2mbd9Obg93TKC9j"
    "7hGu9dYFFw7QzPwE0L5KHLds94iOV9MktM7R5z77rP_zad8xVXle9nSvERS1V3tiKhHwOzeBdWEDsVAGWdnKtT6JfcID7nYtYE6m"
    "ONA9wZImWPpHmc8_AD17nyuuhheYuS8Q4RAWZ-901oyeClMn7Pyyekvv2ieUCoNDsF3I4gx2Ms2GA";
inline constexpr std::string_view kEs256Token =
    "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImVjLTEifQ.eyJzdWIiOiI3Iiwicm9sZSI6InRlYWNoZXIiLCJuYW1lI"
    "joiSWRhIiwiZXhwIjo0MTAyNDQ0ODAwfQ.R81VdORK2vwCkAvEqavBjD06HkGft5mheP42smIWmRUzT6x7M1IZnjlYjrE0aULyB7"
    "sosNtcDcB1fhP5uSQb4A";
inline constexpr std::string_view kRs512Token =
    "eyJhbGciOiJSUzUxMiIsInR5cCI6IkpXVCIsImtpZCI6InJzYS0xIn0.eyJzdWIiOiI3Iiwicm9sZSI6InRlYWNoZXIiLCJuYW1l"
    "IjoiSWRhIiwiZXhwIjo0MTAyNDQ0ODAwfQ.qnpG6N_46N-LovnCwcg3ZH8HxNI0RBfuemMjv300r1DZPtI1HbKKkee7NFSueAA2f"
    "hy9U2DKtWlE4awPV69B8AqGUIhKqCpI4i6qiplXZl-cNCubPqMDYnVbaslnMkUU2biwPtsf7chiDm5r1tZNOFiWeMz4dZptIO-V_"
    "aXbhow5SLYI1CFYTt5ZsXkNk9EEWJsiu3csP4FabBrBAZYipGbz3UswpOOSucoo1Js5nFykRw6Ufqzn1zA_ANVfPxLyWEv2imHGq"
    "4T72ap6i8WSj1MGa6fKnHK634qHgwspCA9MWBAZeYtpK6lFr1ger9IgXFMDHVebP9yC5UW_Qf3AkA";
inline constexpr std::string_view kConfusedToken =
    "eyJhbGciOiJIUzI1NiIsImtpZCI6InJzYS0xIn0.eyJzdWIiOiI3Iiwicm9sZSI6InRlYWNoZXIiLCJuYW1lIjoiSWRhIiwiZXhw"
    "Ijo0MTAyNDQ0ODAwfQ.IF3lLeOSQenIeZyn31B7p9x_zpD1ypOdjwAmAevl5a4";

}  // namespace fanfare::jwt
