package io.freshet.serve.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events to one browser. What is sent waits in a queue of its own, and is written by a
 * thread of its own: when the queue is full, the stream ends.
 */
final class EventStream {

    static final int MOST_WAITING = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final long HEARTBEAT_SECONDS = 5;
    private static final byte[] HEARTBEAT = ":\n\n".getBytes(UTF_8);

    private final String user;
    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private volatile boolean ended;

    /**
     * @param user whose lists it gets; empty for nobody's
     */
    EventStream(String user) {
        this.user = user;
    }

    String user() {
        return user;
    }

    /** Whether nothing more is sent. */
    boolean isEnded() {
        return ended;
    }

    /** Sends an event, or ends the stream if too many wait. Never blocks. */
    void send(String event, String json) {
        byte[] text = "event: %s\ndata: %s\n\n".formatted(event, json).getBytes(UTF_8);
        if (!waiting.offer(text)) {
            LOG.info("A browser reads its events too slowly, and is dropped");
            end();
        }
    }

    void end() {
        ended = true;
        waiting.clear();
        var unused = waiting.offer(HEARTBEAT); // wakes the writer
    }

    /** Writes events until the stream ends or the browser has gone. */
    void writeTo(OutputStream out) throws InterruptedException {
        try {
            while (!ended) {
                byte[] next = waiting.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
                out.write(next == null ? HEARTBEAT : next);
                out.flush();
            }
        } catch (IOException e) {
            LOG.debug("A browser has gone", e);
        } finally {
            ended = true;
        }
    }
}
