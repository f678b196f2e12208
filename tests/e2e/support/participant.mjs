// One person in front of one page, with a browser profile of their own. Everything that knows what the page looks like is here.
import { until } from './until.mjs';
import { watch } from './watch.mjs';

const VIEWPORT = { width: 1280, height: 720 };

export class Participant {
  /** Opens the link, gives a name, joins; resolves when the page says so. */
  static async join(browser, link, name) {
    const participant = new Participant(name);
    await participant.open(browser, link);
    await participant.enter();
    return participant;
  }

  constructor(name) {
    this.name = name;
    this.errors = [];
  }

  async open(browser, link) {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ['camera', 'microphone'], viewport: VIEWPORT });
    await context.addInitScript(watch);
    this.context = context;
    this.page = await context.newPage();
    this.page.on('pageerror', (error) => this.errors.push(error.message));
    await this.page.goto(link);
  }

  async enter() {
    await this.page.getByTestId('join-name').fill(this.name);
    await this.page.getByTestId('join-button').click();
    await this.arrive();
  }

  /** The page goes back into the meeting by itself. */
  async reload() {
    await this.page.reload();
    await this.arrive();
  }

  async arrive() {
    const joined = async () => (await this.page.evaluate(() => window.cloister?.snapshot()))?.phase === 'joined';
    await until(`${this.name} is in`, joined, 30);
    ({ endpoint: this.id } = await this.snapshot());
  }

  /** What the page knows: components/web/README.md. */
  snapshot() {
    return this.page.evaluate(() => window.cloister.snapshot());
  }

  /** Ids of the others, as the page shows them. */
  others() {
    const tiles = this.page.locator('[data-testid="tile"][data-own="false"]');
    return tiles.evaluateAll((all) => [...new Set(all.map((tile) => tile.dataset.participant))]);
  }

  /** What is seen of the others: [{source, frames, longest (ms without a new frame), width, height}]. */
  pictures() {
    return this.page.evaluate(() => window.watched.pictures());
  }

  async picture(source) {
    return (await this.pictures()).find((picture) => picture.source === source);
  }

  /** How long the page itself did not get to run since forgetPictures(): tells a busy machine from a frozen picture. */
  starved() {
    return this.page.evaluate(() => window.watched.starved());
  }

  forgetPictures() {
    return this.page.evaluate(() => window.watched.forget());
  }

  sound() {
    return this.page.evaluate(() => window.watched.sound());
  }

  /** Waits until a growing picture of each of these sources is on the screen. */
  sees(sources, seconds = 20) {
    return until(`${this.name} sees ${sources.join(', ')}`, async () => {
      const pictures = new Map((await this.pictures()).map((picture) => [picture.source, picture]));
      return sources.every((source) => pictures.get(source)?.frames > 2 && pictures.get(source).height > 0);
    }, seconds);
  }

  /** Waits until this one shows nobody but these. */
  showsOnly(ids, seconds = 5) {
    const wanted = [...ids].sort().join();
    return until(`${this.name} shows only ${wanted}`, async () => (await this.others()).sort().join() === wanted, seconds);
  }

  /** mic, camera, share or chat */
  toggle(what) {
    return this.page.getByTestId(`toolbar-${what}`).click();
  }

  /** The UDP ports of the path in use: {own, bridge}. */
  path() {
    return this.page.evaluate(() => window.watched.path());
  }

  voice(seconds) {
    return this.page.evaluate((time) => window.watched.voice(time), seconds);
  }

  /** Puts another one on the stage. */
  async pin(other) {
    const tile = this.page.locator(`[data-testid="tile"][data-source="${camera(other)}"]`);
    await tile.hover();
    await tile.getByTestId('tile-pin').click();
  }

  /** Asks for a picture of this many lines, as a tile of that size would. */
  wish(source, height) {
    return this.page.evaluate(([name, lines]) => window.cloister.setReceiverConstraints(name, lines), [source, height]);
  }

  /** Uses the button that a moderator has on another one's tile. */
  async muteOther(other) {
    const tile = this.page.locator(`[data-testid="tile"][data-source="${camera(other)}"]`);
    await tile.hover();
    await tile.getByTestId('tile-mute-audio').click();
  }

  /** Sends a request that the page would not send; 'result', or the name of the error. */
  ask(to, payload) {
    return this.page.evaluate(([address, xml]) => window.watched.ask(address, xml), [to, payload]);
  }

  async say(text) {
    await this.openChat();
    await this.page.getByTestId('chat-input').fill(text);
    await this.page.getByTestId('chat-input').press('Enter');
  }

  async reads() {
    await this.openChat();
    return this.page.getByTestId('chat-body').allInnerTexts();
  }

  async openChat() {
    if (!(await this.page.getByTestId('chat-panel').isVisible())) await this.toggle('chat');
  }

  leave() {
    return this.page.getByTestId('toolbar-leave').click();
  }

  async close() {
    await this.context?.close();
  }
}

export const camera = (participant) => `${participant.id}-v0`;
export const screen = (participant) => `${participant.id}-v1`;
