package io.freshet.serve.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The page's files, by path. All are on the class path, and are read once. */
public final class PageFiles {

    /** The path of the page itself. */
    public static final String PAGE = "/";

    private static final String PREFIX = "/page/";
    private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final List<String> OWN =
            List.of(
                    "page.css",
                    "app.js",
                    "bars.js",
                    "chart.js",
                    "client.js",
                    "dom.js",
                    "format.js",
                    "icon.svg",
                    "item.js",
                    "overview.js",
                    "problems.js",
                    "user.js",
                    "versions.js");
    private static final List<String> OF_CHARTS = List.of("uPlot.min.css", "uPlot.esm.js");
    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "svg", "image/svg+xml");

    private final Map<String, PageFile> files = new HashMap<>();

    /**
     * A file.
     *
     * @param type of its content
     */
    public record PageFile(String type, byte[] content) {}

    /**
     * Reads them.
     *
     * @throws IllegalStateException if one is missing
     */
    public PageFiles() {
        files.put(PAGE, read("index.html", "index.html"));
        OWN.forEach(name -> files.put(PREFIX + name, read(name, name)));
        OF_CHARTS.forEach(name -> files.put(PREFIX + name, read(name, CHARTS + name)));
    }

    /** All paths. They need no token: nothing in them is anybody's. */
    public Set<String> paths() {
        return Set.copyOf(files.keySet());
    }

    /** The file of a path. */
    public Optional<PageFile> of(String path) {
        return Optional.ofNullable(files.get(path));
    }

    private static PageFile read(String name, String resource) {
        String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "");
        try (InputStream in = PageFiles.class.getResourceAsStream(resource(resource))) {
            if (in == null || type.isEmpty()) {
                throw new IllegalStateException("The page's file %s is missing".formatted(name));
            }
            return new PageFile(type, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource(String name) {
        return name.startsWith("/") ? name : "/io/freshet/serve/page/" + name;
    }
}
