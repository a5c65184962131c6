package io.freshet.cluster;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
        return samples.keySet().stream()
                .map(resource -> Trend.of(process, resource, series(resource)));
    }

    /** What has become of each resource in all processes together, sampled at the same times. */
    static Stream<Trend> totals(List<Usage> processes) {
        return processes.get(0).samples.keySet().stream()
                .map(resource -> Trend.of("together", resource, total(processes, resource)));
    }

    private static double[] total(List<Usage> processes, Resource resource) {
        double[] total = new double[processes.get(0).series(resource).length];
        for (Usage process : processes) {
            double[] series = process.series(resource);
            Arrays.setAll(total, sample -> total[sample] + series[sample]);
        }
        return total;
    }

    private double[] series(Resource resource) {
        return requireNonNull(samples.get(resource)).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    @Override
    public void close() throws IOException {
        probe.close();
    }

    /**
     * What has become of one resource of one process, or of all together, in the resource's unit.
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
