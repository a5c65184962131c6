package io.freshet.serve;

import io.freshet.serve.ProblemResponse.Kind;
import io.freshet.serve.page.LivePage;
import io.freshet.serve.page.PageFiles;
import io.freshet.serve.page.PageFiles.PageFile;
import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The paths of the live page: its files, its events, and the little that it asks for besides. */
final class PageEndpoint {

    static final String EVENTS = "/page/events";
    static final String ITEMS = "/page/items";
    static final String ROLLBACK = "/page/rollback";

    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String JSON = "application/json";
    private static final int MOST_ITEMS = 200;
    private static final int MOST_BYTES = 1_000;
    private static final int ACCEPTED = 202;

    private final LivePage page;
    private final PageFiles files;

    PageEndpoint(LivePage page, PageFiles files) {
        this.page = page;
        this.files = files;
    }

    /** A file of the page. */
    void file(Context ctx) {
        PageFile file =
                files.of(ctx.path())
                        .orElseThrow(
                                () ->
                                        new ProblemResponse(
                                                Kind.NO_SUCH_PATH,
                                                "found a path that isn't there, expected one of the page's files"));
        ctx.header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-cache")
                .contentType(file.type())
                .result(file.content());
    }

    /** Server-sent events, until the browser goes. */
    void events(Context ctx) throws IOException {
        String user = ctx.queryParam("user");
        ctx.contentType("text/event-stream; charset=utf-8").header("Cache-Control", "no-store");
        ServletOutputStream out = ctx.res().getOutputStream();
        CompletableFuture<Context> gone = new CompletableFuture<>();
        if (!page.write(user == null ? "" : user, out, () -> gone.complete(ctx))) {
            throw tooMany("too many pages are open");
        }
        ctx.future(() -> gone);
    }

    /** What is known of items. */
    void items(Context ctx) {
        List<String> ids = ctx.queryParams("id");
        if (ids.size() > MOST_ITEMS) {
            throw new ProblemResponse(
                    Kind.BAD_PARAMETER,
                    "id",
                    "id: found %d, expected at most %d".formatted(ids.size(), MOST_ITEMS));
        }
        ctx.contentType(JSON).result(page.items(ids));
    }

    /** Asks the job to roll back; what became of it is an event. */
    void rollBack(Context ctx) throws IOException {
        InteractionEndpoint.requireJson(ctx.contentType());
        try (InputStream in = ctx.req().getInputStream()) {
            LivePage.Target target =
                    LivePage.target(in.readNBytes(MOST_BYTES))
                            .orElseThrow(
                                    () ->
                                            new ProblemResponse(
                                                    Kind.BAD_REQUEST,
                                                    "found no version to roll back to, expected {\"version\": 3}, with \"update\" or without"));
            if (!page.rollBack(target.version(), target.update())) {
                throw tooMany("too many rollbacks wait");
            }
            ctx.status(ACCEPTED);
        }
    }

    private static ProblemResponse tooMany(String found) {
        return new ProblemResponse(
                Kind.TOO_MANY, "found that %s, expected fewer; try again later".formatted(found));
    }
}
