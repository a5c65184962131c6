package io.freshet.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What one process holds, sample by sample. */
final class Usage implements AutoCloseable {

    private final String process;
    private final ProcessProbe probe;
    private final Map<Resource, List<Double>> samples = new EnumMap<>(Resource.class);

    /**
     * @param process its name, for the table
     * @param state directory that RocksDB works below
     */
    Usage(String process, long pid, Path state) throws IOException {
        this.process = process;
        this.probe = new ProcessProbe(pid, state);
    }

    /** Takes a sample of everything. */
    void sample() throws IOException {
        probe.read()
                .forEach(
                        (resource, held) ->
                                samples.computeIfAbsent(resource, first -> new ArrayList<>())
                                        .add(held));
    }

    /** What has become of each resource. */
    Stream<Trend> trends() {
        return samples.entrySet().stream()
                .map(
                        found ->
                                Trend.of(
                                        process,
                                        found.getKey(),
                                        found.getValue().stream()
                                                .mapToDouble(Double::doubleValue)
                                                .toArray()));
    }

    @Override
    public void close() throws IOException {
        probe.close();
    }

    /**
     * What has become of one resource of one process, in the resource's unit.
     *
     * @param first the first sample
     * @param last the last sample
     * @param level median after the warm-up
     * @param growth after the warm-up
     * @param limit most that it may have grown by
     */
    record Trend(
            String process,
            Resource resource,
            double first,
            double last,
            double level,
            double growth,
            double limit) {

        /** Head of a table of these, in Markdown. */
        static final String HEAD =
                """
                | process | what | first | last | median after warm-up | growth after warm-up | allowed |
                |---|---|---:|---:|---:|---:|---:|
                """;

        static Trend of(String process, Resource resource, double[] series) {
            return new Trend(
                    process,
                    resource,
                    series[0],
                    series[series.length - 1],
                    Plateau.level(series),
                    Plateau.growth(series),
                    resource.plateau().limit(series));
        }

        boolean isPlateau() {
            return growth <= limit;
        }

        /** As a row of the table. */
        String row() {
            return "| %s | %s | %.1f | %.1f | %.1f | %+.1f | %.1f |%n"
                    .formatted(process, resource.label(), first, last, level, growth, limit);
        }
    }
}
