package io.freshet.training.learn;

import static io.freshet.training.TestingSequences.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.config.TrainingConfig;
import io.freshet.event.TrainingSequence;
import io.freshet.model.RecommenderModel;
import io.freshet.model.TestingModelRuntime;
import io.freshet.model.TrainingBatch;
import io.freshet.model.Vocabulary;
import io.freshet.training.TestingSequences;
import io.freshet.training.learn.SequenceChunker.Chunk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SequenceBatcherTest {

    private static final int ITEMS = 200;

    @Test
    void every_chunk_is_in_one_batch_of_a_pass() {
        List<TrainingSequence> sequences = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            sequences.add(sequence("u" + i, 10, i, 1, "item1", "item" + (2 + i)));
        }
        SequenceBatcher batcher = batcher(10, sequences);

        int[][] groups = batcher.pass(new SplittableRandom(1));

        assertThat(groups).hasNumberOfRows(13);
        assertThat(batcher.batches()).isEqualTo(13);
        assertThat(Arrays.stream(groups).flatMapToInt(Arrays::stream).sorted().toArray())
                .containsExactly(IntStream.range(0, 25).toArray());
        assertThat(batcher.pass(new SplittableRandom(1))).isDeepEqualTo(groups);
        assertThat(Arrays.deepEquals(batcher.pass(new SplittableRandom(2)), groups)).isFalse();
    }

    @Test
    void a_batch_has_chunks_of_about_one_length() {
        List<Chunk> chunks = chunks(200);
        int spread = 0;
        for (int[] group : PaddedChunks.shuffled(chunks, 4, new SplittableRandom(1))) {
            int[] lengths = Arrays.stream(group).map(i -> chunks.get(i).rows().length).toArray();
            spread =
                    Math.max(
                            spread,
                            Arrays.stream(lengths).max().orElseThrow()
                                    - Arrays.stream(lengths).min().orElseThrow());
        }

        assertThat(spread).isLessThanOrEqualTo(1);
    }

    @Test
    void chunks_are_padded_behind_their_end_and_targets_are_found_among_the_candidates() {
        SequenceBatcher batcher =
                batcher(
                        10,
                        List.of(
                                sequence("u", 10, 0, 2, "item1", "item2", "item3", "item4"),
                                sequence("v", 10, 2, 1, "item5", "item2")));

        TrainingBatch batch = batcher.batch(new int[] {0, 1}, new SplittableRandom(3));

        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.length()).isEqualTo(3);
        assertThat(batch.items()).containsExactly(1, 2, 3, 5, 0, 0);
        assertThat(batch.positions()).containsExactly(1, 2, 3);
        assertThat(targets(batch)).containsExactly(3, 4, 2);
        assertThat(batch.weights()).containsExactly(1, 1, 1);
        assertThat(batch.ratings()).containsOnly(Float.NaN);
        assertThat(batch.lesson()).isNull();
        assertThat(batch.candidates()).doesNotHaveDuplicates().doesNotContain(0);
        assertThat(batch.candidates().length).isBetween(3, 13);
        assertThat(batch.logQ()).hasSameSizeAs(batch.candidates());
        assertThat(batcher.targets()).isEqualTo(3);
    }

    @Test
    void an_items_weight_is_that_of_its_new_positions_and_not_of_replayed_ones() {
        List<TrainingSequence> both =
                List.of(sequence("u", 10, 0, 2, "item1", "item2", "item3", "item2"));
        SequenceBatcher batcher =
                SequenceBatcher.fineTuning(
                        model(),
                        new SequenceBatcher.Window(both, both, Map.of("item2", 0.25f)),
                        TestingSequences.training(),
                        1,
                        () -> false);

        TrainingBatch batch = batcher.batch(new int[] {0, 1}, new SplittableRandom(3));

        assertThat(targets(batch)).containsExactly(3, 2, 3, 2);
        assertThat(batch.weights()).containsExactly(1, 0.25f, 1, 1);
    }

    @Test
    void a_batch_of_small_weights_alone_is_as_rare_as_its_largest_is_small() {
        SequenceBatcher batcher =
                SequenceBatcher.fineTuning(
                        model(),
                        new SequenceBatcher.Window(
                                List.of(sequence("u", 10, 0, 1, "item1", "item2")),
                                List.of(),
                                Map.of("item2", 0.25f)),
                        TestingSequences.training(),
                        1,
                        () -> false);
        SplittableRandom random = new SplittableRandom(1);
        int passes = 2_000;
        int taken = 0;
        for (int pass = 0; pass < passes; pass++) {
            taken += batcher.pass(random).length;
        }

        assertThat(taken / (double) passes).isCloseTo(0.25, within(0.03));
    }

    @Test
    void with_as_many_negatives_as_items_the_softmax_is_exact() {
        Vocabulary vocabulary = model().vocabulary();
        vocabulary.set(7, "");
        List<Chunk> chunks = List.of(chunk(new int[] {1}, new int[] {0}, 9));
        CandidateSampler sampler = new CandidateSampler(vocabulary, chunks, ITEMS - 1);

        CandidateSampler.Candidates all = sampler.sample(new int[] {9}, new SplittableRandom(1));

        assertThat(all.rows()).hasSize(ITEMS - 1).doesNotContain(0, 7);
        assertThat(all.logQ()).containsOnly(0f);
        assertThat(all.rows()[all.labels()[0]]).isEqualTo(9);
    }

    @Test
    void log_q_is_the_log_of_how_often_a_candidate_is_there() {
        List<Chunk> chunks = skewed();
        CandidateSampler sampler = new CandidateSampler(model().vocabulary(), chunks, 30);
        SplittableRandom random = new SplittableRandom(5);
        int runs = 4000;
        int[] seen = new int[ITEMS + 1];
        float[] logQ = new float[ITEMS + 1];
        int[] targets = new int[6];
        for (int run = 0; run < runs; run++) {
            for (int i = 0; i < targets.length; i++) {
                targets[i] = chunks.get(random.nextInt(chunks.size())).targets()[0];
            }
            CandidateSampler.Candidates candidates = sampler.sample(targets, random);
            for (int i = 0; i < candidates.rows().length; i++) {
                seen[candidates.rows()[i]]++;
                logQ[candidates.rows()[i]] = candidates.logQ()[i];
            }
        }

        for (int row : new int[] {1, 2, 5, 20, 150}) {
            double share = seen[row] / (double) runs;
            assertThat(Math.exp(logQ[row])).isCloseTo(share, within(0.03));
        }
    }

    @Test
    void half_of_the_draws_follow_the_frequency_of_items() {
        List<Chunk> chunks = List.of(chunk(new int[] {3}, new int[] {0}, 3));
        CandidateSampler sampler = new CandidateSampler(model().vocabulary(), chunks, 1);
        SplittableRandom random = new SplittableRandom(1);
        int runs = 20_000;
        int[] seen = new int[ITEMS + 1];
        for (int run = 0; run < runs; run++) {
            seen[sampler.sample(new int[0], random).rows()[0]]++;
        }

        assertThat(seen[3] / (double) runs).isCloseTo(0.5 + 0.5 / ITEMS, within(0.02));
        assertThat(seen[5]).isPositive();
        assertThat(seen[0]).isZero();
    }

    /** Target k is k times rarer than target 1. */
    private static List<Chunk> skewed() {
        List<Chunk> chunks = new ArrayList<>();
        for (int target = 1; target <= 20; target++) {
            for (int copy = 0; copy < 120 / target; copy++) {
                chunks.add(chunk(new int[] {1}, new int[] {0}, target));
            }
        }
        return chunks;
    }

    private static List<Chunk> chunks(int count) {
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] rows = new int[1 + i % 10];
            Arrays.fill(rows, 1 + i % ITEMS);
            chunks.add(chunk(rows, new int[] {0}, 1 + (i + 1) % ITEMS));
        }
        return chunks;
    }

    private static Chunk chunk(int[] rows, int[] positions, int... targets) {
        float[] ratings = new float[targets.length];
        for (int i = 0; i < ratings.length; i++) {
            ratings[i] = targets[i] / 2f;
        }
        float[] weights = new float[targets.length];
        Arrays.fill(weights, 1);
        return new Chunk(
                rows, positions, targets, ratings, weights, new int[0], new int[0], new int[0][]);
    }

    private static int[] targets(TrainingBatch batch) {
        return Arrays.stream(batch.labels()).map(i -> batch.candidates()[i]).toArray();
    }

    private static SequenceBatcher batcher(int negatives, List<TrainingSequence> sequences) {
        TrainingConfig config = TestingSequences.training();
        TrainingConfig.Optimizer steps = config.optimizer();
        return SequenceBatcher.of(
                model(),
                sequences,
                new TrainingConfig(
                        true,
                        1,
                        false,
                        config.window(),
                        new TrainingConfig.Optimizer(
                                1,
                                2,
                                negatives,
                                steps.headRate(),
                                steps.bodyRate(),
                                steps.layerDecay(),
                                steps.headFirst(),
                                steps.warmup(),
                                steps.clipNorm()),
                        config.objective(),
                        config.replay(),
                        config.gate(),
                        config.pretraining(),
                        config.vocabulary()));
    }

    private static IndexedModel model() {
        RecommenderModel model =
                new TestingModelRuntime()
                        .create(TestingSequences.settings(Path.of("unused")).spec());
        String[] items = new String[ITEMS];
        Arrays.setAll(items, i -> "item" + (i + 1));
        model.append(items, new float[ITEMS * model.featureWidth()], 1);
        return IndexedModel.of(model, 0);
    }
}
