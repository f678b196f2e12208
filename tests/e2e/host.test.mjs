// The host's page: signing in, making a link, and what it is like for those who use a phone, a keyboard or a screen reader.
import assert from 'node:assert/strict';
import { Account } from './support/account.mjs';
import { fitsItsWidth, isAccessible } from './support/accessibility.mjs';
import { house } from './support/meeting.mjs';
import { Participant } from './support/participant.mjs';
import { Teacher } from './support/teacher.mjs';
import { until } from './support/until.mjs';

const home = house('--host', 'janitor');
const PHONE = { width: 360, height: 740 };
let accounts = 0;

const newAccount = () => Account.withTotp(home.stack, `teacher${++accounts}`);

async function teacher(name, account) {
  const person = new Teacher(name);
  home.present.push(person);
  await person.signIn(home.browser, home.stack, account);
  return person;
}

async function visitor(name, link) {
  const person = new Participant(name);
  home.present.push(person);
  await person.open(home.browser, link);
  return person;
}

home.test('a host gives name, password and code; whatever is wrong is told alike', async () => {
  const account = await newAccount();
  const anna = new Teacher('Anna');
  home.present.push(anna);
  await anna.open(home.browser, home.stack.link(''));
  const error = anna.page.getByTestId('sign-in-error');
  const said = [];
  for (const [name, password, code] of [
    ['nobody', account.password, account.code()],
    [account.name, 'guess', account.code()],
    [account.name, account.password, '000000'],
  ]) {
    await anna.giveSecrets(name, password, code);
    await error.waitFor();
    said.push(await error.innerText());
    assert.equal(await anna.page.getByTestId('sign-in-code').inputValue(), '', 'a code is not tried twice');
  }
  assert.deepEqual(new Set(said), new Set(['Name, password or code is wrong.']));
});

home.test('a recovery code does in place of the app, once; signing out ends the token everywhere', async () => {
  const account = await newAccount();
  const anna = new Teacher('Anna');
  home.present.push(anna);
  await anna.signIn(home.browser, home.stack, account, account.recoveryCodes[0]);
  await anna.page.reload();
  assert.ok(await anna.page.getByTestId('signed-in').isVisible(), 'a reload stays signed in');
  const kept = await anna.page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, history.state, document.cookie]));
  for (const secret of [account.password, account.recoveryCodes[0]]) assert.ok(!kept.includes(secret), 'the browser keeps no secret of the account');

  await anna.page.getByTestId('sign-out').click();
  await anna.giveSecrets(account.name, account.password, account.recoveryCodes[0]);
  await anna.page.getByTestId('sign-in-error').waitFor();
});

home.test('links: nobody guesses the one, the other can be read out; with picture and text to send', async () => {
  const anna = await teacher('Anna', await newAccount());
  await anna.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const clipboard = () => anna.page.evaluate(() => navigator.clipboard.readText());
  const name = (link) => new URL(link).pathname.slice(1);

  const random = await anna.makeLink();
  assert.match(name(random), /^[a-z2-9]{26}$/);
  await anna.page.getByTestId('another-link').click();
  assert.notEqual(await anna.makeLink(), random);

  const words = await anna.makeLink({ kind: 'words' });
  assert.equal(name(words).split('-').length, 7);
  assert.ok(await anna.page.getByTestId('qr-code').isVisible());
  await anna.page.getByTestId('copy-meeting-link').click();
  assert.equal(await clipboard(), words);
  await anna.page.getByTestId('copy-invitation').click();
  assert.ok((await clipboard()).includes(words));
  assert.ok((await clipboard()).includes(anna.account.name));
});

home.test('guests wait for their host, and come in by themselves', async () => {
  const anna = await teacher('Anna', await newAccount());
  const link = await anna.makeLink({ preset: 'open' });
  const ben = await visitor('Ben', link);
  await ben.page.getByTestId('join-name').fill('Ben');
  await ben.page.getByTestId('join-button').click();
  await ben.page.getByTestId('waiting-page').waitFor();
  await isAccessible(ben.page, 'waiting for the host');
  await anna.start();
  await ben.arrive();
  assert.deepEqual([(await anna.snapshot()).role, (await ben.snapshot()).role], ['host', 'participant']);
});

home.test('who waits may turn out to be the host', async () => {
  const account = await newAccount();
  const anna = new Teacher('Anna');
  home.present.push(anna);
  await anna.open(home.browser, home.stack.link(home.room('late')));
  await anna.page.getByTestId('join-name').fill('Anna');
  await anna.page.getByTestId('join-button').click();
  await anna.page.getByTestId('waiting-page').waitFor();
  await anna.page.getByTestId('host-sign-in').click();
  await anna.giveSecrets(account.name, account.password, account.code());
  await anna.page.getByTestId('preset-open').check();
  await anna.enter();
  assert.equal((await anna.snapshot()).role, 'host');
});

home.test('every page can be read out, fits a phone, and asks nobody else', async () => {
  const account = await newAccount();
  const anna = new Teacher('Anna');
  home.present.push(anna);
  await anna.open(home.browser, home.stack.link(''));
  const strangers = [];
  anna.page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && host !== new URL(home.stack.facts.url).host) strangers.push(request.url());
  });
  const complaints = [];
  anna.page.on('console', (message) => message.text().includes('Content Security Policy') && complaints.push(message.text()));

  const look = async (where) => {
    for (const size of [{ width: 1280, height: 720 }, PHONE]) {
      await anna.page.setViewportSize(size);
      await isAccessible(anna.page, `${where} at ${size.width} pixels`);
      await fitsItsWidth(anna.page, where);
    }
  };
  await anna.page.getByTestId('sign-in-form').waitFor();
  await look('the start page');
  await anna.giveSecrets(account.name, account.password, account.code());
  await anna.page.getByTestId('new-meeting').waitFor();
  await look('a new meeting');
  const link = await anna.makeLink({ preset: 'open' });
  await anna.page.getByTestId('start-meeting').click();
  await anna.page.getByTestId('join-page').waitFor();
  await look('the way in');
  await anna.enter();
  const ben = await visitor('Ben', link);
  await ben.enter();
  await anna.openPanel('people');
  await anna.row(ben).getByTestId('person-more').click();
  await look('the list of people');
  await anna.page.keyboard.press('Escape');
  for (const panel of ['meeting', 'chat']) {
    await anna.openPanel(panel);
    await look(`the panel ${panel}`);
    await anna.page.keyboard.press('Escape');
  }
  await anna.page.setViewportSize({ width: 1280, height: 720 });
  await anna.does('remove', ben);
  await ben.page.getByTestId('removed-page').waitFor();
  await isAccessible(ben.page, 'after being removed');
  await anna.leave();
  await anna.page.getByTestId('left-page').waitFor();
  await look('after leaving');
  assert.deepEqual(strangers, []);
  assert.deepEqual(complaints, []);
  assert.deepEqual([...anna.errors, ...ben.errors], []);
});

home.test('the keyboard alone is enough to start and to lead', async () => {
  const anna = await teacher('Anna', await newAccount());
  const { page } = anna;
  /** Tabs on until the element with this name has the keyboard. */
  const goTo = async (testId) => {
    await until(`the keyboard gets to ${testId}`, async () => {
      await page.keyboard.press('Tab');
      return page.evaluate((id) => document.activeElement?.dataset.testid === id, testId);
    });
  };
  await goTo('kind-random');
  await goTo('preset-classroom');
  await page.keyboard.press('ArrowUp');
  assert.ok(await page.getByTestId('preset-open').isChecked());
  const link = await page.getByTestId('meeting-link').innerText();
  await goTo('start-meeting');
  await page.keyboard.press('Enter');
  await page.getByTestId('join-name').waitFor();
  await page.keyboard.type('Anna');
  await page.keyboard.press('Enter');
  await anna.arrive();

  const ben = await visitor('Ben', link);
  await ben.enter();
  await goTo('toolbar-people');
  await page.keyboard.press('Enter');
  await page.getByTestId('people-panel').waitFor();
  await goTo('person-more');
  await page.keyboard.press('Enter');
  await goTo('person-remove');
  await page.keyboard.press('Enter');
  await page.getByTestId('confirm').waitFor();
  await page.keyboard.press('Escape');
  await until('the question is gone', async () => !(await page.getByTestId('confirm').isVisible()));
  await page.keyboard.press('Escape');
  await until('the keyboard is back where it came from', () =>
    page.evaluate(() => document.activeElement?.dataset.testid === 'toolbar-people'),
  );
  assert.deepEqual(await anna.others(), [ben.id], 'nobody was removed by accident');
});

// Last: the wait is for all who come from this machine.
home.test('whoever guesses too often is asked to wait, in words', async () => {
  const anna = new Teacher('Anna');
  home.present.push(anna);
  await anna.open(home.browser, home.stack.link(''));
  await until('the gate asks to wait', async () => {
    await anna.giveSecrets('nobody', 'guess', '');
    await until('an answer', async () => anna.page.getByTestId('sign-in-button').isEnabled());
    const said = await anna.page.getByTestId('sign-in-error').innerText();
    return /^Too many attempts\. Please wait (a second|\d+ (seconds|minutes)), then try again\.$/.test(said);
  }, 60);
});
