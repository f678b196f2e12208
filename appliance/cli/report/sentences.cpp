#include "cli/report/sentences.h"

namespace cloister::cli::report {
namespace {

constexpr const char* kPlaybook = "Run the playbook again; it writes this file.";

constexpr Sentence say(const char* id, Section section, const char* text, const char* remedy,
                       Evidence (*check)(const Subject&)) {
  return {id, section, text, remedy, check};
}

constexpr Sentence kSentences[] = {
    say("rooms-in-memory", Section::meetings,
        "A meeting exists only in the memory of the server while it lasts: who is in it, under which names, "
        "from which addresses. When it ends, that is gone.",
        kPlaybook, rooms_live_in_memory),
    say("chat-not-kept", Section::meetings,
        "Messages are passed on to those who are in the meeting and kept nowhere; who comes later does not "
        "see earlier ones.",
        kPlaybook, chat_is_not_kept),
    say("not-recorded", Section::meetings,
        "The server records no meeting and writes down no speech: it has no program that could. (A "
        "participant's own device can; no server can prevent that.)",
        "Take the recorder out of the settings.", nothing_is_recorded),
    say("vanished-forgotten", Section::meetings,
        "Who loses the connection is remembered for at most five minutes, to be able to come back, and then "
        "forgotten.",
        kPlaybook, vanished_are_forgotten),
    say("web-no-log", Section::kept,
        "The web server writes down nobody's visit: neither address nor time nor page.", kPlaybook,
        web_server_writes_no_log),
    say("xmpp-no-log", Section::kept, "The server that passes messages writes no log.", kPlaybook,
        xmpp_server_writes_no_log),
    say("relay-no-log", Section::kept,
        "The relay, which helps people behind strict firewalls, writes no log.", kPlaybook,
        relay_writes_no_log),
    say("journal-volatile", Section::kept,
        "What the operating system notes about its services stays in memory and is gone when the machine "
        "restarts.",
        "Write Storage=volatile into /etc/systemd/journald.conf.d/cloister.conf (the playbook does), and "
        "restart systemd-journald.",
        journal_is_volatile),
    say("no-swap", Section::kept, "Memory is never moved to the disk.",
        "swapoff -a, and take the swap out of /etc/fstab.", memory_reaches_no_disk),
    say("no-core-dumps", Section::kept, "When a program crashes, no copy of its memory is kept.",
        "Install the packages' unit files again: apt-get install --reinstall.", crashes_leave_nothing),
    say("bans-end", Section::kept,
        "An address from which the server is attacked is shut out for a time. Only the kernel knows it, in "
        "memory, for a day at most.",
        "Lower bans.longest in firewall.yaml.", bans_end),
    say("nobody-else", Section::others,
        "Your browser speaks with this server alone: no other company is asked for anything, and none counts "
        "you.",
        kPlaybook, nobody_else_is_asked),
    say("addresses-not-shown", Section::others,
        "Participants do not learn each other's network addresses: sound and picture pass through the "
        "server.",
        kPlaybook, addresses_are_not_shown),
    say("encrypted", Section::protection,
        "Everything between your device and the server is encrypted (TLS 1.2 or newer).", kPlaybook,
        connections_are_encrypted),
    say("firewall-closed", Section::protection,
        "The machine's firewall lets through what meetings need and nothing else.",
        "cloister firewall plan shows what differs; cloister firewall apply, then confirm.",
        firewall_is_closed),
    say("updates", Section::protection, "Security updates are installed by themselves.",
        "apt-get install unattended-upgrades; the playbook switches it on.", updates_come_by_themselves),
    say("accounts-sealed", Section::accounts,
        "Only people who open meetings have an account: a name they chose, and a check of their password "
        "that is sealed with a key and readable by one service alone.",
        "chmod 0640 the key file and 0600 the database.", accounts_are_sealed),
};

}  // namespace

std::span<const Sentence> sentences() { return kSentences; }

}  // namespace cloister::cli::report
