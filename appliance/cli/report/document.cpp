#include "cli/report/document.h"

#include <fmt/core.h>

namespace cloister::cli::report {
namespace {

using Kind = Part::Kind;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

// What has a meaning in Markdown loses it; a line stays a line.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_[]<>|#").find(c) != std::string_view::npos) out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string markdown_row(const Part& row, bool head) {
  std::string out = "|", rule = "|";
  for (const std::string& cell : row.texts) {
    out += " " + plain(cell) + " |";
    rule += "---|";
  }
  return out + "\n" + (head ? rule + "\n" : "");
}

std::string html_row(const Part& row, bool head) {
  std::string out = "<tr>";
  for (const std::string& cell : row.texts)
    out += fmt::format("<{0}>{1}</{0}>", head ? "th" : "td", escaped(cell));
  return out + "</tr>\n";
}

// Items and rows stand together: what is written before the first and after the last one.
const char* opening(Kind kind) {
  return kind == Kind::item ? "<ul>\n" : kind == Kind::row ? "<table>\n" : "";
}
const char* closing(Kind kind) {
  return kind == Kind::item ? "</ul>\n" : kind == Kind::row ? "</table>\n" : "";
}

std::string html_of(const Part& part, bool first) {
  const std::string text = part.texts.empty() ? std::string() : escaped(part.texts.front());
  switch (part.kind) {
    case Kind::title: return fmt::format("<h1>{}</h1>\n", text);
    case Kind::heading: return fmt::format("<h2>{}</h2>\n", text);
    case Kind::paragraph: return fmt::format("<p>{}</p>\n", text);
    case Kind::item: return fmt::format("<li>{}</li>\n", text);
    case Kind::warning: return fmt::format("<p class=\"untrue\" role=\"alert\">{}</p>\n", text);
    case Kind::row: return html_row(part, first);
  }
  return {};
}

std::string markdown_of(const Part& part, bool first) {
  const std::string text = part.texts.empty() ? std::string() : plain(part.texts.front());
  switch (part.kind) {
    case Kind::title: return "# " + text + "\n";
    case Kind::heading: return "\n## " + text + "\n";
    case Kind::paragraph: return "\n" + text + "\n";
    case Kind::item: return (first ? "\n- " : "- ") + text + "\n";
    case Kind::warning: return "\n> **" + text + "**\n";
    case Kind::row: return (first ? "\n" : "") + markdown_row(part, first);
  }
  return {};
}

}  // namespace

std::string as_markdown(const Document& document) {
  std::string out;
  for (std::size_t i = 0; i < document.size(); ++i)
    out += markdown_of(document[i], i == 0 || document[i - 1].kind != document[i].kind);
  return out;
}

std::string as_html(const Document& document) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width\">\n<style>body{max-width:45em;margin:2em auto;padding:0 "
      "1em;font:1em/1.5 "
      "sans-serif}.untrue{border:2px solid "
      "#b00;padding:.5em}td,th{text-align:left;vertical-align:top;padding:.2em "
      ".6em}</style>\n";
  if (!document.empty()) out += fmt::format("<title>{}</title>\n", escaped(document.front().texts.front()));
  for (std::size_t i = 0; i < document.size(); ++i) {
    const Kind kind = document[i].kind;
    const bool first = i == 0 || document[i - 1].kind != kind;
    const bool last = i + 1 == document.size() || document[i + 1].kind != kind;
    if (first) out += opening(kind);
    out += html_of(document[i], first);
    if (last) out += closing(kind);
  }
  return out + "</html>\n";
}

}  // namespace cloister::cli::report
