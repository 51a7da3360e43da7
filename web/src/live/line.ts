/** One thing that the server says. */
export interface Said {
  event: string;
  /** Up to which change everything was told. */
  id: number;
  data?: { topic: string; id: string };
}

/** A connection over which the server says things. */
export interface Line {
  close(): void;
}

interface Listener {
  said(said: Said): void;
  /** It broke off; `isOver` when it does not come again by itself. */
  lost(isOver: boolean): void;
}

const EVENTS = ["change", "reset", "here", "presence"];

/** Server-Sent Events. */
function openEvents(after: number, { said, lost }: Listener): Line {
  const source = new EventSource(`/live?after=${after}`);
  for (const event of EVENTS) {
    source.addEventListener(event, ({ data, lastEventId }: MessageEvent<string>) => {
      const id = Number(lastEventId);
      said(data.startsWith("{") ? { event, id, data: JSON.parse(data) } : { event, id });
    });
  }
  // A browser comes again by itself when the connection broke, not after an answer that is no stream.
  source.addEventListener("error", () => lost(source.readyState === EventSource.CLOSED));
  return source;
}

/** The same over a WebSocket. */
function openSocket(after: number, { said, lost }: Listener): Line {
  const url = new URL(`/live/ws?after=${after}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  const over = new AbortController();
  const { signal } = over;
  let heard = after;
  socket.addEventListener(
    "message",
    ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as Partial<Said> & { event: string };
      heard = message.id ?? heard;
      said({ ...message, id: heard });
    },
    { signal },
  );
  socket.addEventListener("close", () => lost(true), { signal });
  return {
    close: () => {
      over.abort();
      socket.close();
    },
  };
}

/** Opens the connection that the desk is set to, from the change after `after` on. */
export function openLine(after: number, listener: Listener): Line {
  const isSocket = document.body.dataset["liveTransport"] === "ws";
  return isSocket ? openSocket(after, listener) : openEvents(after, listener);
}
