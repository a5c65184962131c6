package io.freshet.model.tensorflow;

import io.freshet.model.ModelRuntime;
import io.freshet.model.ModelSpec;
import io.freshet.model.RecommenderModel;
import io.freshet.model.tensorflow.device.ComputeDevice;
import io.freshet.model.tensorflow.device.ProcessGpu;
import io.freshet.model.tensorflow.reference.TextLayersSource;
import io.freshet.model.tensorflow.reference.signature.ReferenceGraph;
import io.freshet.model.tensorflow.session.SavedModelSession;
import io.freshet.model.tensorflow.session.WeightTransfer;
import io.freshet.runtime.TemporaryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.ConfigProto;

/** Models on DJL's TensorFlow engine, which compute on CPUs unless they are put on a GPU. */
public final class TensorFlowModelRuntime implements ModelRuntime {

    private static final long serialVersionUID = 1;

    private final int threads;
    private final float gpuMemoryShare;
    private final ComputeDevice device;
    private final @Nullable TextLayersSource text;
    private final List<String> operations;

    /** With TensorFlow's own choice of threads. */
    public TensorFlowModelRuntime() {
        this(null);
    }

    /**
     * The same, for models that train layers of a text encoder.
     *
     * @param text the layers of new models, null for none
     */
    public TensorFlowModelRuntime(@Nullable TextLayersSource text) {
        this(0, 0, ComputeDevice.CPU, text, List.of());
    }

    /**
     * @param threads threads that one operation, and that operations side by side, may use; 0 for
     *     TensorFlow's own choice (the machine's cores)
     */
    public TensorFlowModelRuntime(int threads) {
        this(threads, 0, ComputeDevice.CPU, null, List.of());
    }

    private TensorFlowModelRuntime(
            int threads,
            float gpuMemoryShare,
            ComputeDevice device,
            @Nullable TextLayersSource text,
            List<String> operations) {
        this.threads = threads;
        this.gpuMemoryShare = gpuMemoryShare;
        this.device = device;
        this.text = text;
        this.operations = operations;
    }

    /**
     * The same, for models that compute on the GPU that their task is assigned: {@link #onDevice}
     * must be called before there is one.
     *
     * @param memoryShare share of the GPU's memory that its process may take
     */
    public TensorFlowModelRuntime onGpu(float memoryShare) {
        return new TensorFlowModelRuntime(threads, memoryShare, device, text, operations);
    }

    @Override
    public TensorFlowModelRuntime onDevice(Supplier<String> assignedGpu) {
        if (gpuMemoryShare == 0) {
            return this;
        }
        TensorFlowNatives.load();
        ComputeDevice gpu = ComputeDevice.gpu(assignedGpu.get(), gpuMemoryShare);
        ProcessGpu.claim(gpu);
        return new TensorFlowModelRuntime(threads, gpuMemoryShare, gpu, text, operations);
    }

    /** The same, for graphs that may have some operations besides the harmless ones. */
    public TensorFlowModelRuntime allowing(List<String> more) {
        return new TensorFlowModelRuntime(threads, gpuMemoryShare, device, text, List.copyOf(more));
    }

    @Override
    public RecommenderModel create(ModelSpec spec) {
        require(spec);
        TensorFlowNatives.load();
        try {
            Path directory = TemporaryFiles.directory("freshet-model");
            try {
                export(spec, directory);
                return load(directory);
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The new model could not be written", e);
        }
    }

    @Override
    public RecommenderModel renew(ModelSpec spec, Path saved) throws IOException {
        require(spec);
        TensorFlowNatives.load();
        Path directory = TemporaryFiles.directory("freshet-renewed");
        try {
            export(spec, directory);
            WeightTransfer.of(saved, directory).write();
            return load(directory);
        } finally {
            delete(directory);
        }
    }

    @Override
    public RecommenderModel load(Path directory) throws IOException {
        TensorFlowNatives.load();
        return TensorFlowRecommender.of(SavedModelSession.load(directory, config(), operations));
    }

    /** First weights come from CPUs, so that a seed makes the same ones everywhere. */
    private void export(ModelSpec spec, Path directory) throws IOException {
        ReferenceGraph.export(
                spec, text == null ? null : text.layers(), threads(ComputeDevice.CPU), directory);
    }

    private ConfigProto config() {
        if (gpuMemoryShare > 0 && device.gpu() == null) {
            throw new IllegalStateException("The models have no device yet: call onDevice first");
        }
        return threads(device);
    }

    private ConfigProto threads(ComputeDevice on) {
        return on.session()
                .setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(threads)
                .build();
    }

    private static void require(ModelSpec spec) {
        if (spec.heads() < 1 || spec.width() % spec.heads() != 0) {
            throw new IllegalArgumentException(
                    "A width of "
                            + spec.width()
                            + " can't be divided by "
                            + spec.heads()
                            + " heads");
        }
        if (spec.dropout() < 0 || spec.dropout() >= 1) {
            throw new IllegalArgumentException(
                    "Dropout must be in [0, 1), found " + spec.dropout());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> inside = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : inside) {
                Files.delete(file);
            }
        }
    }
}
