// The gate's questions and answers as JSON.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "gate/sign_in/sign_in.h"

namespace cloister::gate::http {

enum class RequestJsonError : std::uint8_t { not_json, not_an_object, missing, too_long };

// {"user": "anna", "password": "…", "code": "123456"?, "source": "192.0.2.1"?, "resumes": true?}. Without a
// source, or with one that is no address, it is ours: loopback.
Result<sign_in::Question, RequestJsonError> parse_question(std::string_view text);
// {"token": "…"}
Result<secrets::Secret, RequestJsonError> parse_token(std::string_view text);

// {"result": "accepted"}; "refused", "wait" (with "seconds", at least 1), "busy", "unavailable".
std::string write_answer(const sign_in::Answer& answer);
// {"result": "accepted", "user": "anna", "token": "…", "seconds": 120}: what to sign in with, and by when.
std::string write_token(const accounts::HostName& user, const secrets::Secret& token, Duration first_use);

}  // namespace cloister::gate::http
