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
    await this.page.getByTestId('name').fill(this.name);
    await this.page.getByTestId('join').click();
    await this.page.getByTestId('meeting').waitFor();
    this.id = await this.page.evaluate(() => window.cloister.id());
  }

  async reload() {
    await this.page.reload();
    await this.enter();
  }

  /** Ids of the others, as the page shows them. */
  others() {
    return this.page.locator('[data-testid="tile"]:not([data-local])').evaluateAll((tiles) => [...new Set(tiles.map((tile) => tile.dataset.participant))]);
  }

  /** What is seen of the others: [{source, frames, longest (ms without a new frame), width, height}]. */
  pictures() {
    return this.page.evaluate(() => window.watched.pictures());
  }

  async picture(source) {
    return (await this.pictures()).find((picture) => picture.source === source);
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

  toggle(what) {
    return this.page.getByTestId(`toggle-${what}`).click();
  }

  call(method, ...values) {
    return this.page.evaluate(([name, given]) => window.cloister[name](...given), [method, values]);
  }

  async say(text) {
    if (!(await this.page.getByTestId('chat-input').isVisible())) await this.toggle('chat');
    await this.page.getByTestId('chat-input').fill(text);
    await this.page.getByTestId('chat-input').press('Enter');
  }

  async reads() {
    if (!(await this.page.getByTestId('chat-input').isVisible())) await this.toggle('chat');
    return this.page.getByTestId('chat-line').allInnerTexts();
  }

  async leave() {
    await this.page.getByTestId('leave').click();
  }

  async close() {
    await this.context?.close();
  }
}

export const camera = (participant) => `${participant.id}-v0`;
export const screen = (participant) => `${participant.id}-v1`;
