package io.freshet.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.freshet.config.KafkaConfig;
import io.freshet.serve.Health.Count;
import io.freshet.serve.ProblemResponse.Kind;
import io.freshet.serve.WaitingRequests.Answer;
import io.freshet.serve.topic.NewestLists;
import io.freshet.serve.topic.TopicWriter;
import io.javalin.http.Context;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The paths that have lists: each request is one record, and its answer the response. */
final class ListEndpoint {

    static final String FALLBACK_HEADER = "Freshet-Fallback";
    static final String FALLBACK = "newest-list";

    private final KafkaConfig kafka;
    private final Duration timeout;
    private final ListParameters parameters;
    private final WaitingRequests waiting;
    private final NewestLists newest;
    private final TopicWriter writer;
    private final Readiness readiness;
    private final Health health;
    private final Executor executor;
    private final String prefix = "gateway-" + UUID.randomUUID() + "-";
    private final AtomicLong requests = new AtomicLong();

    /**
     * What keeps lists from being asked for; each returns an empty text if nothing does.
     *
     * @param job why the job can't be asked
     * @param newestLists why the newest lists are not complete
     */
    record Readiness(Supplier<String> job, Supplier<String> newestLists) {}

    /**
     * @param timeout longest time to wait for an answer of the job
     * @param executor writes responses
     */
    ListEndpoint(
            KafkaConfig kafka,
            Duration timeout,
            ListParameters parameters,
            WaitingRequests waiting,
            NewestLists newest,
            TopicWriter writer,
            Readiness readiness,
            Health health,
            Executor executor) {
        this.kafka = kafka;
        this.timeout = timeout;
        this.parameters = parameters;
        this.waiting = waiting;
        this.newest = newest;
        this.writer = writer;
        this.readiness = readiness;
        this.health = health;
        this.executor = executor;
    }

    void personal(Context ctx) {
        ListRequest request = parameters.personal(ctx.pathParam("id"), query(ctx));
        if (request.newest()) {
            newest(ctx, Objects.requireNonNull(request.user()));
        } else {
            ask(ctx, request);
        }
    }

    void similar(Context ctx) {
        ask(ctx, parameters.similar(ctx.pathParam("id"), query(ctx)));
    }

    void popular(Context ctx) {
        ask(ctx, parameters.popular(query(ctx)));
    }

    void nextInSession(Context ctx) {
        ask(ctx, parameters.nextInSession(query(ctx)));
    }

    private void newest(Context ctx, String user) {
        Optional<byte[]> list = newest.of(user);
        if (list.isEmpty()) {
            String incomplete = readiness.newestLists.get();
            throw incomplete.isEmpty() ? noList() : unavailable(incomplete);
        }
        write(ctx, list.get());
    }

    private void ask(Context ctx, ListRequest request) {
        ctx.future(
                () ->
                        answer(request)
                                .handleAsync(
                                        (answer, failure) -> {
                                            respond(ctx, request, answer, failure);
                                            return ctx;
                                        },
                                        executor));
    }

    private CompletableFuture<Answer> answer(ListRequest request) {
        String problem = readiness.job.get();
        if (!problem.isEmpty()) {
            return CompletableFuture.failedFuture(unavailable(problem));
        }
        String requestId = prefix + requests.incrementAndGet();
        CompletableFuture<Answer> answer;
        try {
            answer = waiting.add(requestId);
        } catch (ProblemResponse full) {
            return CompletableFuture.failedFuture(full);
        }
        health.count(Count.ASKED);
        var unused =
                writer.send(kafka.requestsTopic(), request.key(), request.value(requestId, timeout))
                        .whenComplete(
                                (sent, failure) -> {
                                    if (failure != null) {
                                        waiting.fail(requestId, notSent(failure));
                                    }
                                });
        return answer;
    }

    private void respond(
            Context ctx,
            ListRequest request,
            @Nullable Answer answer,
            @Nullable Throwable failure) {
        if (answer == null) {
            problem(ctx, request, problem(Objects.requireNonNull(failure)));
            return;
        }
        health.count(Count.ANSWERED);
        switch (answer.reason()) {
            case "unknown-item" -> unknownItem().write(ctx);
            case "forgotten" -> forgotten().write(ctx);
            case "expired" -> problem(ctx, request, expired());
            default -> write(ctx, answer.json());
        }
    }

    private void problem(Context ctx, ListRequest request, ProblemResponse problem) {
        if (problem.kind() == Kind.TIME_OUT) {
            health.count(Count.TIMED_OUT);
        }
        Optional<byte[]> list = fallback(request, problem.kind());
        if (list.isPresent()) {
            health.count(Count.FALLBACK);
            ctx.header(FALLBACK_HEADER, FALLBACK);
            write(ctx, list.get());
            return;
        }
        if (problem.kind().status() == 503) {
            health.count(Count.REFUSED);
        }
        problem.write(ctx);
    }

    /** The list in place of an answer that can't be had: never one that was asked otherwise. */
    private Optional<byte[]> fallback(ListRequest request, Kind kind) {
        boolean may = kind == Kind.TIME_OUT || kind == Kind.UNAVAILABLE;
        return may && request.isPlain()
                ? newest.of(Objects.requireNonNull(request.user()))
                : Optional.empty();
    }

    private static void write(Context ctx, byte[] list) {
        ctx.contentType("application/json").result(list);
    }

    private static Map<String, List<String>> query(Context ctx) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        String text = ctx.queryString();
        if (text == null || text.isEmpty()) {
            return query;
        }
        for (String parameter : text.split("&")) {
            String[] parts = parameter.split("=", 2);
            query.computeIfAbsent(decoded(parts[0]), unused -> new ArrayList<>())
                    .add(parts.length == 2 ? decoded(parts[1]) : "");
        }
        return query;
    }

    /** Javalin would drop what it can't decode. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ProblemResponse(
                    Kind.BAD_REQUEST,
                    "found a % without two hexadecimal digits in the query, expected them: percent-encode what you send");
        }
    }

    private static ProblemResponse problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof ProblemResponse problem
                ? problem
                : new ProblemResponse(Kind.INTERNAL, "found " + cause.getClass().getSimpleName());
    }

    private static ProblemResponse unavailable(String problem) {
        return new ProblemResponse(
                Kind.UNAVAILABLE,
                "found that %s, expected brokers and topics that can be used; ask again, and see /health"
                        .formatted(problem));
    }

    private static ProblemResponse notSent(Throwable failure) {
        return unavailable(
                "the request could not be written (%s)"
                        .formatted(failure.getClass().getSimpleName()));
    }

    private static ProblemResponse noList() {
        return new ProblemResponse(
                Kind.NO_LIST,
                "found no list of the user among the newest, expected one that activity led to; ask without newest=true");
    }

    private static ProblemResponse unknownItem() {
        return new ProblemResponse(
                Kind.UNKNOWN_ITEM,
                "found an item of which nothing is known, expected one of the catalog or of interactions");
    }

    private static ProblemResponse forgotten() {
        return new ProblemResponse(
                Kind.FORGOTTEN,
                "found that the user was forgotten while the request was under way, expected a user; drop what you keep of the user");
    }

    private static ProblemResponse expired() {
        return new ProblemResponse(
                Kind.TIME_OUT,
                "found a job that is behind: it gave the request up as too old (recommend.request-max-age), expected an answer; ask again, and see whether the job keeps up (freshet status)");
    }
}
