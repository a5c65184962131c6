package io.freshet.training.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.model.TrainingBatch;
import io.freshet.model.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SequenceBatcherTest {

    private static final int ITEMS = 200;

    @Test
    void every_chunk_is_in_one_batch_of_a_pass() {
        List<Chunk> chunks = chunks(25);
        SequenceBatcher batcher = new SequenceBatcher(chunks, vocabulary(), 4, 10, null);

        int[][] groups = batcher.pass(new SplittableRandom(1));

        assertThat(groups).hasNumberOfRows(7);
        assertThat(batcher.batches()).isEqualTo(7);
        assertThat(Arrays.stream(groups).flatMapToInt(Arrays::stream).sorted().toArray())
                .containsExactly(IntStream.range(0, 25).toArray());
        assertThat(batcher.pass(new SplittableRandom(1))).isDeepEqualTo(groups);
        assertThat(Arrays.deepEquals(batcher.pass(new SplittableRandom(2)), groups)).isFalse();
    }

    @Test
    void a_batch_has_chunks_of_about_one_length() {
        List<Chunk> chunks = chunks(200);
        int spread = 0;
        for (int[] group : ChunkGroups.shuffled(chunks, 4, new SplittableRandom(1))) {
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
        List<Chunk> chunks =
                List.of(
                        chunk(new int[] {1, 2, 3}, new int[] {0, 2}, 2, 4),
                        chunk(new int[] {5}, new int[] {0}, 2));
        SequenceBatcher batcher = new SequenceBatcher(chunks, vocabulary(), 2, 10, null);

        TrainingBatch batch = batcher.batch(new int[] {0, 1}, new SplittableRandom(3));

        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.length()).isEqualTo(3);
        assertThat(batch.items()).containsExactly(1, 2, 3, 5, 0, 0);
        assertThat(batch.positions()).containsExactly(0, 2, 3);
        assertThat(Arrays.stream(batch.labels()).map(i -> batch.candidates()[i]).toArray())
                .containsExactly(2, 4, 2);
        assertThat(batch.weights()).containsExactly(1, 1, 1);
        assertThat(batch.ratings()).containsExactly(1, 2, 1);
        assertThat(batch.lesson()).isNull();
        assertThat(batch.candidates()).doesNotHaveDuplicates().doesNotContain(0);
        assertThat(batch.candidates().length).isBetween(3, 12);
        assertThat(batch.logQ()).hasSameSizeAs(batch.candidates());
        assertThat(batcher.targets()).isEqualTo(3);
    }

    @Test
    void with_as_many_negatives_as_items_the_softmax_is_exact() {
        String[] ids = vocabulary().toArray();
        ids[7] = "";
        List<Chunk> chunks = List.of(chunk(new int[] {1}, new int[] {0}, 9));
        SequenceBatcher batcher =
                new SequenceBatcher(chunks, Vocabulary.of(ids), 1, ITEMS - 1, null);

        TrainingBatch batch = batcher.batch(new int[] {0}, new SplittableRandom(1));

        assertThat(batch.candidates()).hasSize(ITEMS - 1).doesNotContain(0, 7);
        assertThat(batch.logQ()).containsOnly(0f);
        assertThat(batch.candidates()[batch.labels()[0]]).isEqualTo(9);
    }

    @Test
    void log_q_is_the_log_of_how_often_a_candidate_is_there() {
        List<Chunk> chunks = skewed();
        CandidateSampler sampler = new CandidateSampler(vocabulary(), chunks, 30);
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
    void an_alias_table_draws_by_probability() {
        AliasTable table = new AliasTable(new double[] {0.5, 0, 0.3, 0.2});
        SplittableRandom random = new SplittableRandom(1);
        int[] drawn = new int[4];
        for (int i = 0; i < 100_000; i++) {
            drawn[table.draw(random)]++;
        }

        assertThat(drawn[0] / 100_000.0).isCloseTo(0.5, within(0.01));
        assertThat(drawn[1]).isZero();
        assertThat(drawn[2] / 100_000.0).isCloseTo(0.3, within(0.01));
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
        return new Chunk(rows, positions, targets, ratings);
    }

    private static Vocabulary vocabulary() {
        Vocabulary vocabulary = new Vocabulary();
        for (int i = 1; i <= ITEMS; i++) {
            vocabulary.add("item" + i);
        }
        return vocabulary;
    }
}
