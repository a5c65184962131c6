package io.freshet.model.tensorflow;

import com.sun.management.OperatingSystemMXBean;
import io.freshet.config.EncoderConfig;
import io.freshet.config.EncoderConfig.EncoderPooling;
import io.freshet.model.Loss;
import io.freshet.model.ModelSpec;
import io.freshet.model.Precision;
import io.freshet.model.RatingRange;
import io.freshet.model.RecommenderModel;
import io.freshet.model.Rejected;
import io.freshet.model.SequenceAttributes;
import io.freshet.model.StepRates;
import io.freshet.model.TextEncoder;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.TrainingBatch;
import io.freshet.model.tensorflow.bert.TextEncoders;
import io.freshet.model.tensorflow.device.ComputeDevice;
import io.freshet.model.tensorflow.session.SavedModelSession;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Measures training steps at length 50, every position a target. Wall time says what this machine
 * does now; CPU time what it would do with nothing else running. Options, with their defaults:
 *
 * <pre>
 * java -cp 'target/classes:target/lib/*' \
 *     src/bench/java/io/freshet/model/tensorflow/TrainingThroughput.java \
 *     width=64 blocks=2 heads=2 batch=128 candidates=256 features=0 layers=0 items=10000 \
 *     precision=float32 warm-up=20 steps=100 gpu= placement=false
 * </pre>
 *
 * <p>{@code layers}: layers of MiniLM that are trained with the model, at 16 tokens. {@code gpu}:
 * index of a GPU; none for CPUs. {@code placement}: has TensorFlow print the device of every
 * operation, and measures nothing.
 */
public final class TrainingThroughput {

    private static final int LENGTH = 50;
    private static final int TOKENS = 16;
    private static final int APPENDED_AT_ONCE = 250;
    private static final float MEMORY_SHARE = 0.9f;

    private final Map<String, String> options;
    private final int items;
    private final int size;

    private TrainingThroughput(Map<String, String> options) {
        this.options = options;
        this.items = number("items");
        this.size = number("batch");
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, String> options = new TreeMap<>();
        String defaults =
                "width=64 blocks=2 heads=2 batch=128 candidates=256 features=0 layers=0"
                        + " items=10000 precision=float32 warm-up=20 steps=100 gpu= placement=false";
        for (String option : (defaults + " " + String.join(" ", arguments)).split(" ")) {
            String[] pair = option.split("=", 2);
            options.put(pair[0], pair.length == 1 ? "" : pair[1]);
        }
        new TrainingThroughput(options).run();
    }

    private void run() throws IOException {
        EncoderConfig encoder =
                new EncoderConfig(
                        number("layers") > 0,
                        "all-minilm-l6-v2",
                        EncoderPooling.AUTO,
                        32,
                        TOKENS,
                        number("layers"));
        TensorFlowModelRuntime runtime = new TensorFlowModelRuntime(TextEncoders.unfrozen(encoder));
        if (onGpu()) {
            runtime = runtime.onGpu(MEMORY_SHARE).onDevice(this::gpu);
        }
        TextEncoderRuntime texts = TextEncoders.of(encoder);
        int features = number("layers") > 0 ? texts.width() : number("features");
        ModelSpec spec =
                new ModelSpec(
                        number("width"),
                        number("blocks"),
                        number("heads"),
                        LENGTH,
                        features,
                        0,
                        0.2f,
                        Precision.valueOf(text("precision").toUpperCase(Locale.ROOT)),
                        42,
                        Loss.SAMPLED_SOFTMAX,
                        new RatingRange(1, 5));
        try (RecommenderModel model = runtime.create(spec)) {
            if (Boolean.parseBoolean(options.get("placement"))) {
                printPlacement(model);
            } else {
                append(model, features, texts);
                measure(model);
            }
        }
    }

    /** The whole graph is placed before its first call, and TensorFlow alone prints then. */
    private void printPlacement(RecommenderModel model) throws IOException {
        ComputeDevice device = onGpu() ? ComputeDevice.gpu(gpu(), MEMORY_SHARE) : ComputeDevice.CPU;
        Path directory = Files.createTempDirectory("freshet-placement");
        model.save(directory);
        try (SavedModelSession session =
                SavedModelSession.load(
                        directory,
                        device.session().setLogDevicePlacement(true).build(),
                        List.of())) {
            session.call("info").run("rows").close();
        }
    }

    private void append(RecommenderModel model, int features, TextEncoderRuntime texts)
            throws IOException {
        float[] text = new float[features];
        if (number("layers") > 0) {
            try (TextEncoder encoder = texts.load()) {
                text = encoder.encode(List.of("A plain wooden chair with a blue cushion"))[0];
            }
        }
        for (int from = 0; from < items; from += APPENDED_AT_ONCE) {
            int count = Math.min(APPENDED_AT_ONCE, items - from);
            String[] ids = new String[count];
            float[] vectors = new float[count * features];
            for (int i = 0; i < count; i++) {
                ids[i] = "item" + (from + i);
                System.arraycopy(text, 0, vectors, i * features, features);
            }
            model.append(ids, vectors, 1);
        }
    }

    private void measure(RecommenderModel model) {
        TrainingBatch batch = batch();
        steps(model, batch, number("warm-up"));
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        System.out.println("measuring");
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        float loss = steps(model, batch, number("steps"));
        double targets = (double) number("steps") * size * LENGTH;
        System.out.printf(
                "%.0f targets/s, %.0f targets per CPU second, loss %.4f%n",
                targets / ((System.nanoTime() - wall) / 1e9),
                targets / ((system.getProcessCpuTime() - cpu) / 1e9),
                loss);
    }

    private static float steps(RecommenderModel model, TrainingBatch batch, int steps) {
        float loss = Float.NaN;
        for (int step = 0; step < steps; step++) {
            loss = model.train(batch, new StepRates(1e-3f, 1e-3f, 1, 5, step)).loss();
        }
        return loss;
    }

    private TrainingBatch batch() {
        int candidates = number("candidates");
        Random random = new Random(1);
        int[] rows = random.ints(1, items).distinct().limit(candidates).toArray();
        int[] sequences = random.ints((long) size * LENGTH, 1, items).toArray();
        int[] positions = new int[size * LENGTH];
        Arrays.setAll(positions, i -> i);
        int[] labels = random.ints(positions.length, 0, candidates).toArray();
        float[] weights = new float[positions.length];
        Arrays.fill(weights, 1);
        return new TrainingBatch(
                size,
                LENGTH,
                sequences,
                SequenceAttributes.none(),
                positions,
                labels,
                rows,
                new float[candidates],
                weights,
                new float[positions.length],
                Rejected.none(),
                null);
    }

    private boolean onGpu() {
        return !gpu().isEmpty();
    }

    private String gpu() {
        return text("gpu");
    }

    private int number(String option) {
        return Integer.parseInt(text(option));
    }

    private String text(String option) {
        return options.getOrDefault(option, "");
    }
}
