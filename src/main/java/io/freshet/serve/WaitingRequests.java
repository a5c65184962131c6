package io.freshet.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.freshet.serve.ProblemResponse.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that were sent, each until its answer is read or its time is up; the first answer
 * counts. Thread-safe; futures are completed by whoever answers, so what follows of them belongs on
 * another thread.
 */
final class WaitingRequests {

    private static final Logger LOG = LoggerFactory.getLogger(WaitingRequests.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();
    private final int most;
    private final Duration timeout;
    private final Semaphore places;
    private final Function<Runnable, Future<?>> timer;
    private volatile boolean closed;

    /**
     * The job's answer.
     *
     * @param path which way the list was made
     * @param reason why there is none; empty if there is one
     * @param json the answer as it was read
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares answers
    record Answer(String path, String reason, byte[] json) {}

    /**
     * @param most requests at the same time
     * @param timer runs something after the time-out, if it isn't cancelled
     * @param timeout for the message
     */
    WaitingRequests(int most, Duration timeout, Function<Runnable, Future<?>> timer) {
        this.most = most;
        this.timeout = timeout;
        this.places = new Semaphore(most);
        this.timer = timer;
    }

    /**
     * Begins to wait; what is returned fails with a {@link ProblemResponse} alone.
     *
     * @throws ProblemResponse if too many wait already
     */
    CompletableFuture<Answer> add(String requestId) {
        if (!places.tryAcquire()) {
            throw new ProblemResponse(
                    Kind.TOO_MANY,
                    "found %d requests that wait for the job, expected fewer (--max-waiting); ask again later, or start more gateways if the job keeps up"
                            .formatted(most));
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        waiting.put(requestId, answer);
        Future<?> end = timer.apply(() -> fail(requestId, timedOut()));
        var unused =
                answer.whenComplete(
                        (found, problem) -> {
                            places.release();
                            end.cancel(false);
                        });
        if (closed) {
            fail(requestId, stopping());
        }
        return answer;
    }

    /**
     * Completes the request that a record of the recommendations topic answers, if it waits here.
     *
     * @param json the record's value
     */
    void answer(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            answer(parser, json);
        } catch (IOException e) {
            LOG.warn("An answer of {} bytes is no JSON: {}", json.length, e.getClass());
        }
    }

    /** Ends a request that can't be answered. */
    void fail(String requestId, ProblemResponse problem) {
        CompletableFuture<Answer> failed = waiting.remove(requestId);
        if (failed != null) {
            failed.completeExceptionally(problem);
        }
    }

    /** Ends all that wait, and whatever comes. */
    void close() {
        closed = true;
        waiting.keySet().forEach(requestId -> fail(requestId, stopping()));
    }

    int size() {
        return waiting.size();
    }

    /** Most answers are another gateway's, so no more is read than their id. */
    private void answer(JsonParser parser, byte[] json) throws IOException {
        String path = "";
        String reason = "";
        String requestId = "";
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "request_id" -> requestId = text(parser);
                case "path" -> path = text(parser);
                case "reason" -> reason = text(parser);
                default -> parser.skipChildren();
            }
            if (!requestId.isEmpty() && !waiting.containsKey(requestId)) {
                return;
            }
        }
        CompletableFuture<Answer> answered = waiting.remove(requestId);
        if (answered != null) {
            answered.complete(new Answer(path, reason, json));
        }
    }

    private static String text(JsonParser parser) throws IOException {
        @Nullable String text = parser.getValueAsString();
        return text == null ? "" : text;
    }

    private ProblemResponse timedOut() {
        return new ProblemResponse(
                Kind.TIME_OUT,
                "found no answer of the job within %d ms (--timeout), expected one; ask again, and see whether the job runs and keeps up (freshet status)"
                        .formatted(timeout.toMillis()));
    }

    static ProblemResponse stopping() {
        return new ProblemResponse(
                Kind.STOPPING, "found a gateway that stops, expected one that runs; ask another");
    }
}
