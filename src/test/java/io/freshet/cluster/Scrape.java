package io.freshet.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The metrics of Flink's processes, as they answer Prometheus. */
final class Scrape {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private static final Pattern LINE =
            Pattern.compile("([A-Za-z_:][\\w:]*)(?:\\{(.*)})?\\s+(\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final List<Sample> samples;

    private Scrape(List<Sample> samples) {
        this.samples = samples;
    }

    /** One value of one series. */
    record Sample(String series, Map<String, String> labels, double value) {}

    /** What the processes at these ports of loopback answer; one that is dead has none. */
    static Scrape of(List<Integer> ports) {
        List<Sample> samples = new ArrayList<>();
        for (int port : ports) {
            samples.addAll(parse(get(port)).samples);
        }
        return new Scrape(samples);
    }

    /** Reads Prometheus' text format. */
    static Scrape parse(String text) {
        List<Sample> samples = new ArrayList<>();
        for (String line : text.lines().filter(any -> !any.startsWith("#")).toList()) {
            Matcher found = LINE.matcher(line);
            if (found.matches()) {
                samples.add(
                        new Sample(found.group(1), labels(found.group(2)), number(found.group(3))));
            } else if (!line.isBlank()) {
                throw new AssertionError("Not a sample: " + line);
            }
        }
        return new Scrape(samples);
    }

    /** Names of all series. */
    Set<String> series() {
        Set<String> names = new TreeSet<>();
        samples.forEach(sample -> names.add(sample.series()));
        return names;
    }

    /**
     * Values of a series.
     *
     * @param labels that they must have
     */
    List<Double> values(String series, Map<String, String> labels) {
        return samples.stream()
                .filter(sample -> sample.series().equals(series))
                .filter(sample -> sample.labels().entrySet().containsAll(labels.entrySet()))
                .map(Sample::value)
                .toList();
    }

    private static Map<String, String> labels(@Nullable String text) {
        Map<String, String> labels = new HashMap<>();
        Matcher found = LABEL.matcher(text == null ? "" : text);
        while (found.find()) {
            labels.put(found.group(1), found.group(2).replace("\\\"", "\"").replace("\\\\", "\\"));
        }
        return labels;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static String get(int port) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"))
                        .timeout(TIMEOUT)
                        .build();
        try {
            return CLIENT.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while scraping " + port, e);
        }
    }
}
