package io.freshet.model.tensorflow;

import io.freshet.model.ModelRuntime;
import io.freshet.model.ModelSpec;
import io.freshet.model.RecommenderModel;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/** Models on DJL's TensorFlow engine. GPU memory is taken as it is needed. */
public final class TensorFlowModelRuntime implements ModelRuntime {

    private static final long serialVersionUID = 1;

    private final int threads;
    private final String visibleGpus;
    private final @Nullable TextLayersSource text;
    private final List<String> operations;

    /** TensorFlow's own choice of threads, and all GPUs that the process sees. */
    public TensorFlowModelRuntime() {
        this(null);
    }

    /**
     * The same, for models that train layers of a text encoder.
     *
     * @param text the layers of new models, null for none
     */
    public TensorFlowModelRuntime(@Nullable TextLayersSource text) {
        this(0, "", text, List.of());
    }

    /**
     * @param threads threads that one operation, and that operations side by side, may use; 0 for
     *     TensorFlow's own choice (the machine's cores)
     * @param visibleGpus indexes of the GPUs to use, separated by commas; empty for all
     */
    public TensorFlowModelRuntime(int threads, String visibleGpus) {
        this(threads, visibleGpus, null, List.of());
    }

    private TensorFlowModelRuntime(
            int threads,
            String visibleGpus,
            @Nullable TextLayersSource text,
            List<String> operations) {
        this.threads = threads;
        this.visibleGpus = visibleGpus;
        this.text = text;
        this.operations = operations;
    }

    /** The same, for graphs that may have some operations besides the harmless ones. */
    public TensorFlowModelRuntime allowing(List<String> more) {
        return new TensorFlowModelRuntime(threads, visibleGpus, text, List.copyOf(more));
    }

    @Override
    public RecommenderModel create(ModelSpec spec) {
        require(spec);
        TensorFlowNatives.load();
        try {
            Path directory = TemporaryFiles.directory("freshet-model");
            try {
                ReferenceGraph.export(
                        spec, text == null ? null : text.layers(), config(), directory);
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
            ReferenceGraph.export(spec, text == null ? null : text.layers(), config(), directory);
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

    private ConfigProto config() {
        return ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(threads)
                .setGpuOptions(
                        GPUOptions.newBuilder()
                                .setAllowGrowth(true)
                                .setVisibleDeviceList(visibleGpus))
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
