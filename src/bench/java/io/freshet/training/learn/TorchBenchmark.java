package io.freshet.training.learn;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.freshet.config.FreshetConfig;
import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.Loss;
import io.freshet.model.ModelSpec;
import io.freshet.model.Precision;
import io.freshet.model.RatingRange;
import io.freshet.model.RecommenderModel;
import io.freshet.model.StepRates;
import io.freshet.model.TrainingBatch;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.training.TestingSequences;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.ZipfDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.apache.flink.configuration.Configuration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time for each target of ten passes over the same sequences: by the trainer's steps, and by a loop
 * of PyTorch's ({@code src/bench/python/sasrec.py}) with the same network, batches, negatives and
 * optimizer. What both have learned by then is printed: the mean cross-entropy of all targets over
 * all items.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // made in start
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 8)
public class TorchBenchmark {

    private static final int ITEMS = 4_000;
    private static final int SEQUENCES = 2_000;
    private static final int LENGTH = 50;
    private static final int FOLLOWERS = 20;
    private static final float RATE = 1e-3f;

    /**
     * Adam of item rows moves those of a batch alone and counts each row's own steps. PyTorch's
     * goes on to move a row by its momentum in the batches that lack it, and so further.
     */
    private static final float ROW_RATE = 2 * RATE;

    /** Which loop; PyTorch's with one thread and with two, of which the better one counts. */
    @Param({"freshet", "torch 1", "torch 2"})
    private String loop;

    private Side side;

    /** Users go on to one of some items that follow the last one, the popular more often. */
    private static int[][] sequences() {
        ZipfDistribution popular = new ZipfDistribution(new Well19937c(1), ITEMS, 1);
        ZipfDistribution likely = new ZipfDistribution(new Well19937c(2), FOLLOWERS, 1);
        int[][] followers = new int[ITEMS + 1][];
        Arrays.setAll(followers, item -> popular.sample(FOLLOWERS));
        Random users = new Random(1);
        int[][] sequences = new int[SEQUENCES][LENGTH + 1];
        for (int[] sequence : sequences) {
            sequence[0] = 1 + users.nextInt(ITEMS);
            for (int i = 1; i <= LENGTH; i++) {
                sequence[i] = followers[sequence[i - 1]][likely.sample() - 1];
            }
        }
        return sequences;
    }

    @Setup
    public void start() throws IOException {
        int[][] sequences = sequences();
        side =
                loop.equals("freshet")
                        ? new Freshet(sequences)
                        : new Torch(sequences, loop.substring("torch ".length()));
    }

    @Benchmark
    @OperationsPerInvocation(SEQUENCES * LENGTH)
    public void pass() throws IOException {
        side.pass();
    }

    @TearDown
    public void stop() throws IOException {
        System.out.println("loss of " + loop + ": " + side.loss());
        side.close();
    }

    /** A model in training. */
    private interface Side extends AutoCloseable {

        void pass() throws IOException;

        /** Mean cross-entropy of all targets over all items, in figures. */
        String loss() throws IOException;

        @Override
        void close();
    }

    /** The trainer's steps at constant rates, each batch made during the step before. */
    private static final class Freshet implements Side {

        private final TrainingConfig config =
                FreshetConfig.from(
                                Configuration.fromMap(
                                        Map.of(
                                                "training.batch-size",
                                                "128",
                                                "training.negatives",
                                                "256")))
                        .training();
        private final List<TrainingSequence> window = new ArrayList<>();
        private final SplittableRandom draws = new SplittableRandom(1);
        private final SplittableRandom dropout = draws.split(); // batches draw on another thread
        private final IndexedModel model;
        private final SequenceBatcher batcher;

        Freshet(int[][] sequences) {
            RecommenderModel empty =
                    new TensorFlowModelRuntime()
                            .create(
                                    new ModelSpec(
                                            64,
                                            2,
                                            2,
                                            LENGTH,
                                            0,
                                            0,
                                            0.2f,
                                            Precision.FLOAT32,
                                            1,
                                            Loss.SAMPLED_SOFTMAX,
                                            new RatingRange(1, 5)));
            String[] ids = new String[ITEMS];
            Arrays.setAll(ids, item -> String.valueOf(1 + item));
            empty.append(ids, new float[0], 1);
            model = IndexedModel.of(empty, 0);
            for (int[] sequence : sequences) {
                String[] items =
                        IntStream.of(sequence).mapToObj(String::valueOf).toArray(String[]::new);
                window.add(TestingSequences.sequence("user", LENGTH + 1, 0, LENGTH, items));
            }
            batcher = SequenceBatcher.of(model, window, config);
        }

        @Override
        public void pass() {
            var groups =
                    Arrays.stream(batcher.pass(draws)).map(group -> batcher.batch(group, draws));
            try (Prefetch<TrainingBatch> prefetch = new Prefetch<>(groups.iterator())) {
                for (TrainingBatch batch = prefetch.next();
                        batch != null;
                        batch = prefetch.next()) {
                    StepRates rates =
                            new StepRates(
                                    ROW_RATE,
                                    RATE,
                                    1,
                                    config.optimizer().clipNorm(),
                                    dropout.nextLong());
                    var unused = model.model().train(batch, rates);
                }
            }
        }

        @Override
        public String loss() {
            return String.valueOf(new Evaluator(() -> false).score(model, window).loss());
        }

        @Override
        public void close() {
            model.close();
        }
    }

    /** The other process. */
    private static final class Torch implements Side {

        private final Process process;
        private final BufferedReader answers;
        private final BufferedWriter commands;

        Torch(int[][] sequences, String threads) throws IOException {
            Path file = Files.createTempFile("sequences", ".txt");
            file.toFile().deleteOnExit();
            Files.write(
                    file,
                    Arrays.stream(sequences)
                            .map(
                                    each ->
                                            IntStream.of(each)
                                                    .mapToObj(String::valueOf)
                                                    .collect(Collectors.joining(" ")))
                            .toList());
            process =
                    new ProcessBuilder(
                                    "/usr/bin/python3",
                                    "src/bench/python/sasrec.py",
                                    file.toString(),
                                    String.valueOf(ITEMS),
                                    threads)
                            .redirectError(Redirect.INHERIT)
                            .start();
            answers = process.inputReader(UTF_8);
            commands = process.outputWriter(UTF_8);
            requireAnswer();
        }

        @Override
        public void pass() throws IOException {
            String unused = ask("pass");
        }

        @Override
        public String loss() throws IOException {
            return ask("loss");
        }

        private String ask(String command) throws IOException {
            commands.write(command + "\n");
            commands.flush();
            return requireAnswer();
        }

        private String requireAnswer() throws IOException {
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException(
                        "sasrec.py has ended; it needs PyTorch (Debian: python3-torch)");
            }
            return answer;
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
