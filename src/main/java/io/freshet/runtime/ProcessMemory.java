package io.freshet.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Memory of this process as the operating system sees it. TensorFlow allocates outside of the heap
 * and says nowhere how much; it is what is left of this after what the JVM and RocksDB report.
 */
public final class ProcessMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final int KIBI = 1024;

    private ProcessMemory() {}

    /** Registers the memory in use, as a metric of each operator that holds a model. */
    public static void register(MetricGroup group) {
        group.gauge("processResidentBytes", (Gauge<Long>) () -> resident(STATUS));
    }

    /**
     * Resident bytes, 0 where the system does not say.
     *
     * @param status as of {@code proc(5)}
     */
    static long resident(Path status) {
        try {
            // names in it may be in any encoding
            for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(RESIDENT)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIBI;
                }
            }
            return 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
