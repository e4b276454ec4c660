#include "tls/ocsp_response.h"

#include <ctime>
#include <utility>

#include <openssl/pem.h>

#include "tls/openssl_ptr.h"

namespace fanfare::tls {

namespace {

constexpr long kFileBytesMax = 64L * 1024;

Result<std::string> read_der(const std::string& file) {
  const BioPtr bio(BIO_new_file(file.c_str(), "rb"));
  if (bio == nullptr) return invalid(file + ": " + take_openssl_error());
  std::string der(kFileBytesMax, '\0');
  const int size = BIO_read(bio.get(), der.data(), static_cast<int>(der.size()));
  if (size <= 0 || size == kFileBytesMax) return invalid(file + ": expected an OCSP response of less than 64 KiB");
  der.resize(static_cast<std::size_t>(size));
  return der;
}

// The answer about `certificate`: a response may speak of several.
OCSP_SINGLERESP* answer_about(OCSP_BASICRESP* basic, const X509* certificate) {
  const ASN1_INTEGER* wanted = X509_get0_serialNumber(certificate);
  for (int i = 0; i < OCSP_resp_count(basic); ++i) {
    OCSP_SINGLERESP* single = OCSP_resp_get0(basic, i);
    ASN1_INTEGER* serial = nullptr;
    // The function knows no const; it only reads.
    OCSP_id_get0_info(nullptr, nullptr, nullptr, &serial, const_cast<OCSP_CERTID*>(OCSP_SINGLERESP_get0_id(single)));
    if (serial != nullptr && ASN1_INTEGER_cmp(serial, wanted) == 0) return single;
  }
  return nullptr;
}

}  // namespace

Result<OcspStaple> load_ocsp_staple(const std::string& file, const X509* certificate, WallTime now) {
  Result<std::string> der = read_der(file);
  if (!der.ok()) return std::move(der).error();
  const auto* bytes = reinterpret_cast<const unsigned char*>(der->data());
  const OcspResponsePtr response(d2i_OCSP_RESPONSE(nullptr, &bytes, static_cast<long>(der->size())));
  if (response == nullptr || OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    (void)take_openssl_error();
    return invalid(file + ": expected a successful OCSP response in DER");
  }
  const OcspBasicPtr basic(OCSP_response_get1_basic(response.get()));
  OCSP_SINGLERESP* single = basic == nullptr ? nullptr : answer_about(basic.get(), certificate);
  if (single == nullptr) return invalid(file + ": this OCSP response is of another certificate");
  ASN1_GENERALIZEDTIME* next = nullptr;
  const int status = OCSP_single_get0_status(single, nullptr, nullptr, nullptr, &next);
  if (status != V_OCSP_CERTSTATUS_GOOD)
    return invalid(file + ": this OCSP response does not call the certificate good");
  tm parts{};
  if (next == nullptr || ASN1_TIME_to_tm(next, &parts) != 1) return invalid(file + ": this OCSP response never ends");
  OcspStaple staple{*std::move(der), std::chrono::system_clock::from_time_t(::timegm(&parts))};
  if (!staple.is_current(now)) return invalid(file + ": this OCSP response is old: its nextUpdate has passed");
  return staple;
}

}  // namespace fanfare::tls
