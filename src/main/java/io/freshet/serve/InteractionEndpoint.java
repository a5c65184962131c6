package io.freshet.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.freshet.config.IngestConfig;
import io.freshet.event.DeadLetter;
import io.freshet.event.Interaction;
import io.freshet.serve.Health.Count;
import io.freshet.serve.ProblemResponse.Kind;
import io.freshet.serve.topic.TopicWriter;
import io.freshet.source.decode.Decoded;
import io.freshet.source.decode.InteractionDecoder;
import io.freshet.source.decode.RawRecord;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Takes an interaction, checks it as the job would, and sends it as it came. What is accepted may
 * still be a dead letter of a job with other options.
 */
final class InteractionEndpoint {

    private static final String JSON = "application/json";
    private static final int ACCEPTED = 202;

    private final String topic;
    private final int maxBytes;
    private final InteractionDecoder decoder;
    private final Clock clock;
    private final TopicWriter writer;
    private final Supplier<String> problem;
    private final Health health;
    private final Executor executor;

    /**
     * @param topic of interactions
     * @param limits the job's
     * @param problem returns why nothing can be sent to the topic; empty if it can
     * @param executor writes responses
     */
    InteractionEndpoint(
            String topic,
            IngestConfig limits,
            Clock clock,
            TopicWriter writer,
            Supplier<String> problem,
            Health health,
            Executor executor) {
        this.topic = topic;
        this.maxBytes = limits.maxRecordBytes();
        this.decoder = new InteractionDecoder(limits, clock);
        this.clock = clock;
        this.writer = writer;
        this.problem = problem;
        this.health = health;
        this.executor = executor;
    }

    void post(Context ctx) throws IOException {
        requireJson(ctx.contentType());
        byte[] body = body(ctx);
        Interaction interaction = decode(body);
        String unavailable = problem.get();
        if (!unavailable.isEmpty()) {
            throw unavailable(unavailable);
        }
        byte[] key = interaction.userId().getBytes(UTF_8);
        ctx.future(
                () ->
                        writer.send(topic, key, body)
                                .handleAsync(
                                        (sent, failure) -> {
                                            respond(ctx, failure);
                                            return ctx;
                                        },
                                        executor));
    }

    /** Another site's page can send forms and plain text here, but not JSON. */
    static void requireJson(@Nullable String type) {
        String found = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!found.equals(JSON)) {
            throw new ProblemResponse(
                    Kind.NOT_JSON, "found Content-Type '%s', expected %s".formatted(found, JSON));
        }
    }

    private byte[] body(Context ctx) throws IOException {
        try (InputStream in = ctx.req().getInputStream()) {
            byte[] body = in.readNBytes(maxBytes + 1);
            if (body.length > maxBytes) {
                throw tooLarge("more than %d bytes".formatted(maxBytes));
            }
            return body;
        }
    }

    private Interaction decode(byte[] body) {
        Decoded.OfInteraction decoded =
                decoder.decode(new RawRecord(topic, 0, 0, clock.millis(), null, body));
        DeadLetter refused = decoded.deadLetter();
        if (refused != null) {
            throw new ProblemResponse(Kind.BAD_INTERACTION, refused.field(), refused.reason());
        }
        return Objects.requireNonNull(decoded.event());
    }

    private void respond(Context ctx, @Nullable Throwable failure) {
        if (failure == null) {
            health.count(Count.INTERACTIONS);
            ctx.status(ACCEPTED);
        } else if (cause(failure) instanceof RecordTooLargeException) {
            tooLarge("more than max.message.bytes of topic " + topic).write(ctx);
        } else {
            notAcknowledged(cause(failure)).write(ctx);
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    private ProblemResponse tooLarge(String found) {
        return new ProblemResponse(
                Kind.TOO_LARGE,
                "found %s, expected one interaction of at most %d bytes (ingest.max-record-bytes)"
                        .formatted(found, maxBytes));
    }

    private static ProblemResponse unavailable(String problem) {
        return new ProblemResponse(
                Kind.UNAVAILABLE,
                "found that %s, expected brokers and a topic that can be used; send it again"
                        .formatted(problem));
    }

    private static ProblemResponse notAcknowledged(Throwable cause) {
        return new ProblemResponse(
                Kind.UNAVAILABLE,
                "found no acknowledgement of the brokers (%s), expected one; send it again with the same event_id, so that it counts once if they have it"
                        .formatted(cause.getClass().getSimpleName()));
    }
}
