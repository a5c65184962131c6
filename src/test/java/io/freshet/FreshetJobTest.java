package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.freshet.config.Arguments;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.java.typeutils.runtime.kryo.KryoSerializer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class FreshetJobTest {

    /** Savepoints of every release name their state by these; a line may be added, none changed. */
    private static final List<String> RELEASED_UIDS =
            List.of(
                    "audit",
                    "audit-sink",
                    "control-admission",
                    "controls",
                    "controls-split",
                    "dead-letters-sink",
                    "evaluations-sink",
                    "fine-tuner",
                    "history",
                    "interactions",
                    "interactions-split",
                    "item-context",
                    "item-encoder",
                    "items",
                    "items-split",
                    "job-presence",
                    "model-checkpoints-sink",
                    "probe-evaluation",
                    "profiles-of-items",
                    "recommendations-sink",
                    "recommender",
                    "request-assembly",
                    "requests",
                    "requests-split",
                    "response-evaluation",
                    "responses",
                    "signals-from-controls",
                    "signals-from-requests",
                    "updates-from-items",
                    "updates-from-popularity",
                    "users",
                    "users-split");

    @Test
    void everyOperatorKeepsTheUidThatItWasReleasedWith() {
        assertThat(uids(graph())).containsExactlyElementsOf(RELEASED_UIDS);
    }

    @Test
    void committersHaveUidsThatFollowFromTheirSinks() {
        assertThat(hashedUids(graph()))
                .contains(
                        "Sink Committer: recommendations-sink",
                        "Sink Committer: model-checkpoints-sink",
                        "Sink Committer: evaluations-sink",
                        "Sink Committer: audit-sink",
                        "Sink Committer: dead-letters-sink");
    }

    @Test
    void everyIdIsOfAnOperator() throws IllegalAccessException {
        List<String> declared = new ArrayList<>();
        for (Field field : OperatorIds.class.getFields()) {
            declared.add((String) field.get(null));
        }
        assertThat(declared).containsExactlyInAnyOrderElementsOf(RELEASED_UIDS);
    }

    @Test
    void theWholeJobDoesWithoutKryo() {
        assertThat(graph().getStreamNodes())
                .extracting(StreamNode::getTypeSerializerOut)
                .isNotEmpty()
                .noneMatch(KryoSerializer.class::isInstance);
    }

    @Test
    void theModelIsTunedInOnePlace() {
        assertThat(graph().getStreamNodes())
                .filteredOn(node -> "fine-tuner".equals(node.getTransformationUID()))
                .singleElement()
                .satisfies(node -> assertThat(node.getMaxParallelism()).isEqualTo(1));
    }

    @Test
    void recordsHardlyWaitForTheirBuffersOnTheWayFromAnInteractionToItsList() {
        StreamGraph graph = graph();
        Map<Integer, String> names = new HashMap<>();
        graph.getStreamNodes().forEach(node -> names.put(node.getId(), node.getOperatorName()));
        Map<String, Long> timeouts = new TreeMap<>();
        for (StreamNode node : graph.getStreamNodes()) {
            for (StreamEdge edge : node.getOutEdges()) {
                timeouts.put(
                        names.get(edge.getSourceId()) + " to " + names.get(edge.getTargetId()),
                        edge.getBufferTimeout());
            }
        }

        assertThat(timeouts)
                .contains(
                        entry("interactions-split to history", 5L),
                        entry("signals-from-requests to history", 5L),
                        entry("history to item-context", 5L),
                        entry("item-context to request-assembly", 5L),
                        entry("request-assembly to recommender", 5L),
                        entry("recommender to recommendations-sink: Writer", 5L))
                .contains(
                        entry("items-split to item-encoder", 100L),
                        entry("fine-tuner to recommender", 100L));
    }

    /** State can't be moved to an operator of another maximum. */
    @Test
    void everyOperatorHasTheSameMaximumAtAnyParallelism() {
        assertThat(maxParallelisms(1)).isEqualTo(maxParallelisms(2)).isEqualTo(maxParallelisms(8));
    }

    @Test
    void aClusterThatWouldLoseStateIsRefusedBeforeAnythingStarts() {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());

        assertThatThrownBy(() -> FreshetJob.build(env, new Configuration()))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessageContaining("expected rocksdb");
    }

    /** By operator, and as it was set; -1 where Flink may choose. */
    private static Map<OperatorID, Integer> maxParallelisms(int parallelism) {
        Map<OperatorID, Integer> found = new HashMap<>();
        for (JobVertex vertex : graph(parallelism).getJobGraph().getVertices()) {
            for (OperatorIDPair operator : vertex.getOperatorIDs()) {
                found.put(operator.getGeneratedOperatorID(), vertex.getMaxParallelism());
            }
        }
        return found;
    }

    private static StreamGraph graph() {
        return graph(2);
    }

    private static StreamGraph graph(int parallelism) {
        Configuration cluster = new Configuration();
        cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        cluster.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "s3://bucket/checkpoints");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        env.setParallelism(parallelism);
        FreshetJob.build(
                env,
                Arguments.parse(
                        "--store.path",
                        "s3://bucket/models",
                        "--attributes.users",
                        "country:category",
                        "--feedback.exposure-types",
                        "impression"));
        return env.getStreamGraph();
    }

    private static List<String> uids(StreamGraph graph) {
        return List.copyOf(
                new TreeSet<>(
                        graph.getStreamNodes().stream()
                                .map(StreamNode::getTransformationUID)
                                .filter(Objects::nonNull)
                                .filter(uid -> !uid.startsWith("Sink Committer: "))
                                .toList()));
    }

    private static List<String> hashedUids(StreamGraph graph) {
        return graph.getStreamNodes().stream()
                .map(StreamNode::getTransformationUID)
                .filter(Objects::nonNull)
                .toList();
    }
}
