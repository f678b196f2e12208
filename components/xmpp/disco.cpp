#include "xmpp/disco.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/base64.h"

namespace cloister::xmpp {

namespace {

std::string base64_of_sha1(const std::string& text) {
  std::array<std::byte, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  auto* const out = reinterpret_cast<unsigned char*>(digest.data());
  if (EVP_Digest(text.data(), text.size(), out, &size, EVP_sha1(), nullptr) != 1) return {};
  return base64(Bytes(digest).first(size));
}

std::vector<std::string> sorted(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  return texts;
}

// XEP-0115 §5.1, step 7: the form by its FORM_TYPE, its fields by name, their values sorted.
std::string form_text(const DataForm& form) {
  std::string text = std::string(form.value("FORM_TYPE")) + "<";
  std::vector<DataForm::Field> fields = form.fields;
  std::erase_if(fields, [](const DataForm::Field& field) { return field.name == "FORM_TYPE"; });
  std::ranges::sort(fields, {}, &DataForm::Field::name);
  for (const DataForm::Field& field : fields) {
    text += field.name + "<";
    for (const std::string& value : sorted(field.values)) text += value + "<";
  }
  return text;
}

}  // namespace

const DataForm::Field* DataForm::find(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &Field::name);
  return found == fields.end() ? nullptr : &*found;
}

std::string_view DataForm::value(std::string_view name) const {
  const Field* field = find(name);
  return field && !field->values.empty() ? std::string_view(field->values.front()) : std::string_view();
}

bool DataForm::flag(std::string_view name) const { return value(name) == "1" || value(name) == "true"; }

void DataForm::set(std::string_view name, std::string value) {
  const auto found = std::ranges::find(fields, name, &Field::name);
  if (found == fields.end()) {
    fields.push_back({.name = std::string(name), .values = {std::move(value)}});
  } else {
    found->values = {std::move(value)};
  }
}

DataForm DataForm::submission() const {
  DataForm answer{.type = "submit", .fields = fields};
  std::erase_if(answer.fields,
                [](const Field& field) { return field.name.empty() || field.type == "fixed"; });
  return answer;
}

bool DiscoInfo::has_feature(std::string_view feature) const {
  return std::ranges::find(features, feature) != features.end();
}

std::string caps_ver(const DiscoInfo& info) {
  std::vector<std::string> identities;
  for (const auto& [category, type, name, lang] : info.identities) {
    identities.push_back(category + "/" + type + "/" + lang + "/" + name + "<");
  }
  std::vector<std::string> forms;
  for (const DataForm& form : info.forms) forms.push_back(form_text(form));
  std::string text;
  for (const std::string& identity : sorted(std::move(identities))) text += identity;
  for (const std::string& feature : sorted(info.features)) text += feature + "<";
  for (const std::string& form : sorted(std::move(forms))) text += form;
  return base64_of_sha1(text);
}

Caps make_caps(std::string node, const DiscoInfo& info) {
  return {.node = std::move(node), .ver = caps_ver(info), .hash = "sha-1"};
}

}  // namespace cloister::xmpp
