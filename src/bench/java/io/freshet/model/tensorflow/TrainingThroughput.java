package io.freshet.model.tensorflow;

import com.sun.management.OperatingSystemMXBean;
import io.freshet.model.Loss;
import io.freshet.model.ModelSpec;
import io.freshet.model.RatingRange;
import io.freshet.model.RecommenderModel;
import io.freshet.model.StepRates;
import io.freshet.model.TrainingBatch;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;

/**
 * Measures training at 2 blocks, width 64, length 50, every position a target, 10,000 items. Wall
 * time says what this machine does now; CPU time what it would do with nothing else running.
 *
 * <pre>
 * java -cp 'target/classes:target/lib/*' \
 *     src/bench/java/io/freshet/model/tensorflow/TrainingThroughput.java BATCH FEATURES CANDIDATES
 * </pre>
 */
public final class TrainingThroughput {

    private static final int CATALOG = 10_000;
    private static final int LENGTH = 50;
    private static final int WARM_UP = 20;
    private static final int STEPS = 100;

    private TrainingThroughput() {}

    public static void main(String[] arguments) {
        int size = Integer.parseInt(arguments[0]);
        int features = Integer.parseInt(arguments[1]);
        int candidates = Integer.parseInt(arguments[2]);
        ModelSpec spec = new ModelSpec(64, 2, 2, LENGTH, features, 0.2f, 42, Loss.SAMPLED_SOFTMAX, new RatingRange(1, 5));
        try (RecommenderModel model = new TensorFlowModelRuntime().create(spec)) {
            String[] ids = new String[CATALOG];
            Arrays.setAll(ids, i -> "item" + i);
            model.append(ids, new float[CATALOG * features], 1);
            TrainingBatch batch = batch(size, candidates);
            run(model, batch, WARM_UP);
            OperatingSystemMXBean system =
                    ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            long cpu = system.getProcessCpuTime();
            long wall = System.nanoTime();
            run(model, batch, STEPS);
            double targets = (double) STEPS * size * LENGTH;
            System.out.printf(
                    "%.0f targets/s, %.0f targets per CPU second%n",
                    targets / ((System.nanoTime() - wall) / 1e9),
                    targets / ((system.getProcessCpuTime() - cpu) / 1e9));
        }
    }

    private static void run(RecommenderModel model, TrainingBatch batch, int steps) {
        for (int step = 0; step < steps; step++) {
            model.train(batch, new StepRates(1e-3f, 1e-3f, 1, 5, step));
        }
    }

    private static TrainingBatch batch(int size, int candidates) {
        Random random = new Random(1);
        int[] rows = random.ints(1, CATALOG).distinct().limit(candidates).toArray();
        int[] items = random.ints((long) size * LENGTH, 1, CATALOG).toArray();
        int[] positions = new int[size * LENGTH];
        Arrays.setAll(positions, i -> i);
        int[] labels = random.ints(positions.length, 0, candidates).toArray();
        float[] weights = new float[positions.length];
        Arrays.fill(weights, 1);
        return new TrainingBatch(
                size,
                LENGTH,
                items,
                positions,
                labels,
                rows,
                new float[candidates],
                weights,
                new float[positions.length],
                null);
    }
}
