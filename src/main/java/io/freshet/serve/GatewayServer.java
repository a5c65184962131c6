package io.freshet.serve;

import io.freshet.serve.ProblemResponse.Kind;
import io.freshet.serve.page.LivePage;
import io.freshet.serve.page.PageFiles;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.router.ParsedEndpoint;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server: who is admitted, which path leads where, and what a refusal looks like. */
final class GatewayServer {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);

    private static final String HEALTH = "/health";
    private static final String DESCRIPTION = "/openapi.json";

    /** Paths that show nothing of anybody, and that load balancers ask for. */
    private static final Set<String> OPEN = Set.of(HEALTH, DESCRIPTION);

    private static final String JSON = "application/json";
    private static final int MOST_THREADS = 64;
    private static final int FEWEST_THREADS = 4;
    private static final int HEADER_BYTES = 64 << 10; // of them the query: a thousand items
    private static final long STOP_MILLIS = 3_000;

    private final @Nullable BearerToken token;
    private final HostCheck hosts;
    private final PageFiles files = new PageFiles();
    private final QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
    private final Javalin http;
    private boolean listening;
    private volatile boolean stopping;

    /**
     * @param token that clients must send; null for none
     * @param hosts which requests are taken where there is no token
     */
    GatewayServer(@Nullable BearerToken token, HostCheck hosts) {
        this.token = token;
        this.hosts = hosts;
        threads.setName("gateway");
        threads.setDaemon(true);
        this.http = Javalin.create(this::configure);
    }

    /** Runs what writes responses. */
    Executor executor() {
        return threads;
    }

    /** Adds the paths of the live page. */
    void route(LivePage live) {
        PageEndpoint page = new PageEndpoint(live, files);
        files.paths().forEach(path -> http.get(path, page::file));
        http.get(PageEndpoint.EVENTS, page::events)
                .get(PageEndpoint.ITEMS, page::items)
                .post(PageEndpoint.ROLLBACK, page::rollBack);
    }

    /** Adds the paths. */
    void route(ListEndpoint lists, InteractionEndpoint interactions, Health health) {
        byte[] description = ApiDescription.json();
        http.before(this::admit)
                .get("/users/{id}/recommendations", lists::personal)
                .get("/items/{id}/similar", lists::similar)
                .get("/popular", lists::popular)
                .get("/sessions/next", lists::nextInSession)
                .post("/interactions", interactions::post)
                .get(HEALTH, ctx -> health.write(ctx, isTrusted(ctx)))
                .get(DESCRIPTION, ctx -> ctx.contentType(JSON).result(description))
                .exception(ProblemResponse.class, ProblemResponse::write)
                .exception(HttpResponseException.class, GatewayServer::refuse)
                .exception(Exception.class, GatewayServer::fail);
    }

    /**
     * Listens.
     *
     * @throws IOException if nothing can listen there
     */
    void start(String host, int port) throws IOException {
        try {
            http.start(host, port);
        } catch (JavalinBindException e) {
            throw new IOException(
                    "--port: found that nothing can listen on port %d of %s (%s), expected one that is free; 0 takes any"
                            .formatted(port, host, e.getMessage()));
        }
        listening = true;
        // not before: a server that can't bind its port would fail for this in place of it
        http.jettyServer().server().setStopTimeout(STOP_MILLIS);
    }

    /** The port that it listens on. */
    int port() {
        return http.port();
    }

    /** What is served, such as {@code get /popular}. */
    List<String> routes() {
        return http.unsafeConfig().pvt.internalRouter.allHttpHandlers().stream()
                .map(ParsedEndpoint::getEndpoint)
                .map(route -> name(route.getMethod()) + " " + route.getPath())
                .toList();
    }

    /** Refuses what comes from now on. */
    void refuse() {
        stopping = true;
    }

    /** Waits until the responses under way are written, for some seconds, and stops. */
    void stop() {
        if (listening) {
            http.stop();
        }
    }

    private boolean isTrusted(Context ctx) {
        return token == null || token.isIn(ctx.header("Authorization"));
    }

    private void admit(Context ctx) {
        if (stopping) {
            throw WaitingRequests.stopping();
        }
        if (token == null && !hosts.accepts(ctx.header("Host"))) {
            throw new ProblemResponse(
                    Kind.OTHER_HOST,
                    "found a Host that is not this machine, expected localhost, 127.0.0.1 or [::1]; a gateway with --token-file takes any");
        }
        if (!isOpen(ctx.path()) && !isTrusted(ctx)) {
            throw new ProblemResponse(
                    Kind.NO_TOKEN,
                    "found no token, or another, expected the one of --token-file; send it as Authorization: Bearer …");
        }
    }

    private boolean isOpen(String path) {
        return OPEN.contains(path) || files.of(path).isPresent();
    }

    private static String name(HandlerType method) {
        return method.name().toLowerCase(Locale.ROOT);
    }

    private void configure(JavalinConfig config) {
        config.showJavalinBanner = false;
        config.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.disableCompression();
        config.jetty.threadPool = threads;
        config.jetty.modifyServer(server -> server.setErrorHandler(new UnreadableRequests()));
        config.jetty.modifyHttpConfiguration(GatewayServer::configure);
    }

    private static void configure(HttpConfiguration configuration) {
        configuration.setRequestHeaderSize(HEADER_BYTES);
        configuration.setSendServerVersion(false);
        // an id may have any of these, percent-encoded; no path leads to a file
        configuration.setUriCompliance(
                UriCompliance.RFC3986.with(
                        "ids",
                        Violation.AMBIGUOUS_PATH_SEPARATOR,
                        Violation.AMBIGUOUS_PATH_SEGMENT,
                        Violation.AMBIGUOUS_PATH_PARAMETER,
                        Violation.AMBIGUOUS_PATH_ENCODING));
    }

    private static void refuse(HttpResponseException refusal, Context ctx) {
        problem(refusal.getStatus(), ctx).write(ctx);
    }

    private static ProblemResponse problem(int status, Context ctx) {
        return switch (status) {
            case 404 ->
                    new ProblemResponse(
                            Kind.NO_SUCH_PATH,
                            "found a path that isn't there, expected one of " + DESCRIPTION);
            case 405 ->
                    new ProblemResponse(
                            Kind.NO_SUCH_METHOD,
                            "found %s, expected the method of %s"
                                    .formatted(ctx.method(), DESCRIPTION));
            default ->
                    new ProblemResponse(
                            Kind.BAD_REQUEST,
                            "found a request of status %d, expected one of %s"
                                    .formatted(status, DESCRIPTION));
        };
    }

    private static void fail(Exception failure, Context ctx) {
        LOG.error("A request to {} failed", ctx.matchedPath(), failure);
        new ProblemResponse(
                        Kind.INTERNAL,
                        "found a fault of the gateway, expected none; its log says which")
                .write(ctx);
    }

    /** What the server refuses before there is a path to answer, in the same form. */
    private static final class UnreadableRequests extends ErrorHandler {

        @Override
        public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
            fields.put(HttpHeader.CONTENT_TYPE, ProblemResponse.MEDIA_TYPE);
            ProblemResponse problem =
                    status == HttpStatus.URI_TOO_LONG_414
                                    || status == HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431
                            ? new ProblemResponse(
                                    Kind.TOO_LONG,
                                    "found more address and headers than expected, which is %d bytes at most; filter by categories in place of items"
                                            .formatted(HEADER_BYTES))
                            : new ProblemResponse(
                                    Kind.BAD_REQUEST,
                                    "found what is no request (%s), expected HTTP"
                                            .formatted(reason));
            return ByteBuffer.wrap(problem.json(status));
        }
    }
}
