// Debian's Chromium with invented cameras and microphones. Two cores carry about four participants at 720p15.
import { chromium } from 'playwright-core';

const FEATURES_OFF = 'WebRtcHideLocalIpsWithMdns,CalculateNativeWinOcclusion,OptimizationHints,MediaRouter,Translate';

export function launch() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--use-fake-device-for-media-stream=fps=15',
      '--use-fake-ui-for-media-stream',
      '--auto-select-desktop-capture-source=Entire screen',
      '--allow-loopback-in-peer-connection',
      '--ignore-certificate-errors',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
      '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding',
      '--disable-backgrounding-occluded-windows',
      '--mute-audio',
      `--disable-features=${FEATURES_OFF}`,
    ],
  });
}
