// A narrow line between two UDP ports of this test's own loopback: a token bucket with a router's queue (tc-htb(8), tc-bfifo(8)).
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const tc = (...words) => run('tc', words.map(String));

const QUEUE_SECONDS = 0.3;

export class Bottleneck {
  /** Of what goes from port `from` to port `to`; everything else passes as before. */
  static async between(from, to, kbit) {
    await tc('qdisc', 'replace', 'dev', 'lo', 'root', 'handle', '1:', 'htb');
    const line = new Bottleneck();
    await line.limit('add', kbit);
    for (const protocol of ['ip', 'ipv6']) {
      const word = protocol === 'ip' ? 'ip' : 'ip6';
      await tc('filter', 'add', 'dev', 'lo', 'parent', '1:', 'protocol', protocol, 'prio', protocol === 'ip' ? 1 : 2, 'u32',
        'match', word, 'sport', from, '0xffff', 'match', word, 'dport', to, '0xffff', 'flowid', '1:10');
    }
    return line;
  }

  change(kbit) {
    return this.limit('change', kbit);
  }

  async limit(how, kbit) {
    await tc('class', how, 'dev', 'lo', 'parent', '1:', 'classid', '1:10', 'htb', 'rate', `${kbit}kbit`, 'burst', '4k');
    await tc('qdisc', 'replace', 'dev', 'lo', 'parent', '1:10', 'handle', '10:', 'bfifo', 'limit', Math.round((kbit * 1000 * QUEUE_SECONDS) / 8));
  }

  async open() {
    await tc('qdisc', 'del', 'dev', 'lo', 'root');
  }
}
