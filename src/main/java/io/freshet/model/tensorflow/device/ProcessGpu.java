package io.freshet.model.tensorflow.device;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * The GPU that this process has for itself, from the first claim until it ends: TensorFlow keeps a
 * device's memory as long. What is claimed is a system property, because a process may load this
 * class once for each job.
 */
public final class ProcessGpu {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessGpu.class);

    private static final String CLAIMED = "io.freshet.gpu";

    /** The same for all processes of a host, whatever their own temporary directories. */
    private static final Path LOCKS = Path.of("/tmp");

    private ProcessGpu() {}

    /**
     * Claims a GPU for this process. The engine must run.
     *
     * @throws IllegalStateException if another process has it, this process has another one or the
     *     same with other settings, or TensorFlow can't compute on it
     */
    public static void claim(ComputeDevice device) {
        claim(device, LOCKS);
    }

    static void claim(ComputeDevice device, Path locks) {
        String wanted = device.toString();
        synchronized (Loader.class) { // in Flink's lib/, so one for all class loaders of jobs
            String claimed = System.getProperty(CLAIMED);
            if (claimed == null) {
                claimFirst(device, locks.resolve("freshet-gpu-" + device.gpu() + ".lock"));
                System.setProperty(CLAIMED, wanted);
            } else if (!claimed.equals(wanted)) {
                throw new IllegalStateException(
                        "This process computes on %s, expected %s: TensorFlow has one GPU setting per process, so jobs on one task manager must have the same gpu.memory-share; restart the task manager to change it"
                                .formatted(claimed, wanted));
            }
        }
    }

    private static void claimFirst(ComputeDevice device, Path file) {
        try (ProcessLock lock = ProcessLock.tryLock(file)) {
            if (lock == null) {
                throw new IllegalStateException(
                        "GPU %s of this host is in use by another process, which holds a lock on %s (lslocks names it): give each task manager a GPU of its own"
                                .formatted(device.gpu(), file));
            }
            requireGpu(device);
            lock.keep();
        } catch (IOException e) {
            throw new UncheckedIOException("GPU " + device.gpu() + " can't be claimed", e);
        }
    }

    private static void requireGpu(ComputeDevice device) {
        List<String> found;
        try {
            found = SessionDevices.of(device.session().build());
        } catch (TensorFlowException e) {
            throw new IllegalStateException(
                    "TensorFlow can't compute on %s: %s".formatted(device, e.getMessage()), e);
        }
        if (found.stream().noneMatch(name -> name.contains(":GPU:"))) {
            throw new IllegalStateException(
                    "TensorFlow can't compute on %s: found only %s, %s, and as its library %s; expected NVIDIA's driver for CUDA 12, and in Flink's lib/ the jars of target/flink-lib that `mvn package -Pgpu` makes"
                            .formatted(
                                    device,
                                    found,
                                    CudaLibraries.report(),
                                    Utils.getEnvOrSystemProperty("TENSORFLOW_LIBRARY_PATH")));
        }
        LOG.info("This process computes on {}: {}", device, found);
    }
}
