// A track on the screen, or in the ear.
import { useEffect, useRef } from 'preact/hooks';

interface VideoProps {
  track: MediaStreamTrack;
  mirrored?: boolean;
  contain?: boolean;
  testId: string;
}

export function Video({ track, mirrored = false, contain = false, testId }: VideoProps) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (!video) return undefined;
    video.srcObject = new MediaStream([track]);
    video.play().catch(() => undefined);
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  const classes = ['video', mirrored && 'video-mirrored', contain && 'video-contain']
    .filter(Boolean)
    .join(' ');
  return <video ref={element} class={classes} autoPlay playsInline muted data-testid={testId} />;
}

interface AudioProps {
  track: MediaStreamTrack;
  /** The browser wants a click before it plays sound. */
  onBlocked: (retry: () => void) => void;
}

export function Audio({ track, onBlocked }: AudioProps) {
  const element = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const audio = element.current;
    if (!audio) return undefined;
    audio.srcObject = new MediaStream([track]);
    const play = () => {
      audio.play().catch((error: DOMException) => {
        if (error.name === 'NotAllowedError') onBlocked(play);
      });
    };
    play();
    return () => {
      audio.srcObject = null;
    };
  }, [track]);
  return <audio ref={element} autoPlay data-testid="remote-audio" />;
}
