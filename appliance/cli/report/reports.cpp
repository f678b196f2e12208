#include "cli/report/reports.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>

namespace cloister::cli::report {
namespace {

using Kind = Part::Kind;
using Verdict = Evidence::Verdict;

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds: return "holds";
    case Verdict::contradicted: return "DOES NOT HOLD";
    case Verdict::unknown: break;
  }
  return "could not be checked";
}

class Writer {
public:
  Writer(const std::string& host, const std::vector<Judged>& judged,
         std::chrono::system_clock::time_point now)
      : host_(host), judged_(judged), now_(now) {}

  void title(const std::string& text) { add(Kind::title, text + " of " + host_); }
  void heading(const char* text) { add(Kind::heading, text); }
  void paragraph(const std::string& text) { add(Kind::paragraph, text); }
  void item(const std::string& text) { add(Kind::item, text); }

  void summary(const char* command) {
    const auto hold =
        std::ranges::count(judged_, Verdict::holds, [](const Judged& one) { return one.evidence.verdict; });
    paragraph(fmt::format(
        "Written by “{}” on {:%Y-%m-%d} from the settings that this server runs with: of {} statements "
        "{} were found to hold. How each was checked stands at the end.",
        command, fmt::gmtime(std::chrono::system_clock::to_time_t(now_)), judged_.size(), hold));
  }
  // Those that hold are said; the others are not claimed, and why not is.
  void section(Section section) {
    for (const Judged& one : judged_)
      if (one.sentence->section == section && one.evidence.verdict == Verdict::holds)
        item(one.sentence->text);
    for (const Judged& one : judged_)
      if (one.sentence->section == section && one.evidence.verdict != Verdict::holds)
        add(Kind::warning, denial(one));
  }
  void checks() {
    heading("How this was checked");
    out_.push_back({
        Kind::row, {"Statement", "Result", "What was seen"}
    });
    for (const auto& [sentence, evidence] : judged_)
      out_.push_back({
          Kind::row, {sentence->id, word(evidence.verdict), evidence.seen}
      });
  }
  Document take() { return std::move(out_); }

private:
  void add(Kind kind, const std::string& text) { out_.push_back({kind, {text}}); }
  static std::string denial(const Judged& one) {
    if (one.evidence.verdict == Verdict::unknown)
      return fmt::format("Could not be checked, so it is not claimed: “{}” ({}.)", one.sentence->text,
                         one.evidence.seen);
    return fmt::format("NOT TRUE on this server: “{}” Seen: {}. To make it true: {}", one.sentence->text,
                       one.evidence.seen, one.sentence->remedy);
  }

  const std::string& host_;
  const std::vector<Judged>& judged_;
  std::chrono::system_clock::time_point now_;
  Document out_;
};

constexpr const char* kFillIn = "[to be filled in by whoever runs this server: name, postal address, e-mail]";

}  // namespace

std::vector<Judged> judge(const Subject& subject) {
  std::vector<Judged> out;
  for (const Sentence& sentence : sentences()) out.push_back({&sentence, sentence.check(subject)});
  return out;
}

bool all_hold(const std::vector<Judged>& judged) {
  return std::ranges::all_of(judged,
                             [](const Judged& one) { return one.evidence.verdict == Verdict::holds; });
}

Document privacy_notice(const std::string& host, const std::vector<Judged>& judged,
                        std::chrono::system_clock::time_point now) {
  Writer out(host, judged, now);
  out.title("Privacy notice");
  out.summary("cloister report privacy");
  out.heading("Who is responsible");
  out.paragraph(kFillIn);
  out.heading("What happens to what you say and show");
  out.section(Section::meetings);
  out.heading("What is written down");
  out.section(Section::kept);
  out.heading("Who else learns of it");
  out.section(Section::others);
  out.heading("If you open meetings");
  out.section(Section::accounts);
  out.heading("How it is protected");
  out.section(Section::protection);
  out.heading("Your rights");
  out.paragraph(
      "You may ask whoever is responsible what is known of you, have it corrected or deleted, and complain "
      "to your data "
      "protection authority. Of a meeting that has ended there is nothing left that could be told or "
      "deleted, as far as "
      "the statements above hold.");
  out.checks();
  return out.take();
}

Document record_of_processing(const std::string& host, const std::vector<Judged>& judged,
                              std::chrono::system_clock::time_point now) {
  Writer out(host, judged, now);
  out.title("Record of processing activities (Article 30 GDPR)");
  out.summary("cloister report gdpr");
  out.heading("Controller (Article 30 (1) a)");
  out.paragraph(kFillIn);
  out.heading("Purposes (b)");
  out.item("Holding video conferences.");
  out.item("Accounts of those who may open meetings.");
  out.item("Keeping the server safe: shutting attackers out.");
  out.heading("Categories of people and data (c)");
  out.item(
      "Participants: the name they chose, network address, sound, picture, messages; while the meeting "
      "lasts.");
  out.item(
      "Hosts: the name of the account, a check of the password and of a second factor; until the account is "
      "removed.");
  out.item("Sources of attacks: network address; until the ban ends.");
  out.heading("Recipients (d) and transfers to third countries (e)");
  out.section(Section::others);
  out.heading("When it is erased (f)");
  out.section(Section::meetings);
  out.section(Section::kept);
  out.heading("Technical and organisational measures (g, Article 32)");
  out.section(Section::protection);
  out.section(Section::accounts);
  out.checks();
  return out.take();
}

}  // namespace cloister::cli::report
