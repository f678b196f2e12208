// One who hosts: signs in on the start page, makes a link, leads the meeting. Everything that knows what the host's page looks like
// is here.
import { Participant } from './participant.mjs';
import { until } from './until.mjs';

export class Teacher extends Participant {
  /** To the start page, and in with password and code. */
  async signIn(browser, stack, account, code = account.code()) {
    this.account = account;
    await this.open(browser, new URL('/', stack.facts.url).href);
    await this.giveSecrets(account.name, account.password, code);
    await this.page.getByTestId('signed-in').waitFor();
  }

  async giveSecrets(name, password, code) {
    await this.page.getByTestId('sign-in-name').fill(name);
    await this.page.getByTestId('sign-in-password').fill(password);
    await this.page.getByTestId('sign-in-code').fill(code);
    await this.page.getByTestId('sign-in-button').click();
  }

  /** A new meeting on the start page; its link. */
  async makeLink({ preset = 'open', kind = 'random' } = {}) {
    await this.page.getByTestId(`kind-${kind}`).check();
    await this.page.getByTestId(`preset-${preset}`).check();
    return this.page.getByTestId('meeting-link').innerText();
  }

  async start() {
    await this.page.getByTestId('start-meeting').click();
    await this.enter();
    await until(`${this.name} is host`, async () => (await this.snapshot()).role === 'host');
  }

  /** people, chat or meeting (the rules) */
  async openPanel(name) {
    if (!(await this.page.getByTestId(`${name}-panel`).isVisible())) await this.toggle(name);
    await this.page.getByTestId(`${name}-panel`).waitFor();
  }

  /** Names of those in the lobby, as the page shows them. */
  async waitsInLobby() {
    await this.openPanel('people');
    return this.page.getByTestId('knocker-name').allInnerTexts();
  }

  async admit(name) {
    await this.openPanel('people');
    await this.page.getByTestId('knocker').filter({ hasText: name }).getByTestId('admit').click();
  }

  async deny(name) {
    await this.openPanel('people');
    await this.page.getByTestId('knocker').filter({ hasText: name }).getByTestId('deny').click();
  }

  row(other) {
    return this.page.locator(`[data-testid="person"][data-participant="${other.id}"]`);
  }

  /** mute, stop-camera, stop-screen, allow, cohost, viewer, write, remove */
  async does(action, other) {
    await this.openPanel('people');
    const row = this.row(other);
    if (!(await row.getByTestId(`person-${action}`).isVisible())) await row.getByTestId('person-more').click();
    await row.getByTestId(`person-${action}`).click();
    if (action === 'remove') await this.page.getByTestId('confirm-yes').click();
  }

  /** A switch of the rules: lobby, moderated, or a right. */
  async turns(what, on) {
    await this.openPanel('meeting');
    const button = this.page.getByTestId(`switch-${what}`);
    if ((await button.getAttribute('aria-checked')) !== String(on)) await button.click();
    await until(`${what} is ${on ? 'on' : 'off'}`, async () => (await button.getAttribute('aria-checked')) === String(on));
  }

  async hands() {
    await this.openPanel('people');
    const hands = this.page.getByTestId('hand');
    return hands.evaluateAll((all) => all.map((hand) => hand.dataset.participant));
  }
}
