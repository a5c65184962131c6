package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.Arguments;
import io.freshet.config.StoreConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.clusterframework.types.ResourceProfile;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class SlotGroupsTest {

    @Test
    void onCpusAllOperatorsShareFlinksDefaultSlots() {
        assertThat(operatorsByGroup(graph()).keySet()).containsExactly("default");
    }

    @Test
    void theFineTunerOnAGpuHasItsSlotForItself() {
        StreamGraph graph = graph("--training.device", "gpu");
        Map<String, Set<String>> groups = operatorsByGroup(graph);

        assertThat(groups.keySet()).containsExactly("freshet", "freshet-training");
        assertThat(groups.get("freshet-training")).containsExactly("fine-tuner");
        assertThat(groups.get("freshet"))
                .contains("interactions", "recommendations-sink", "audit-sink", "recommender")
                .contains("Sink Committer: model-checkpoints-sink");
    }

    @Test
    void recommendersOnGpusHaveSlotsOfTheirOwn() {
        StreamGraph graph = graph("--training.device", "gpu", "--recommend.device", "gpu");

        assertThat(operatorsByGroup(graph).get("freshet-recommenders"))
                .containsExactly("recommender");
        assertThat(operatorsByGroup(graph).get("freshet-training")).containsExactly("fine-tuner");
    }

    /** A slot that names nothing takes its share of a GPU, which the other slots then lack. */
    @Test
    void everySlotSaysWhatItAsksFor() {
        StreamGraph graph =
                graph(
                        "--training.device", "gpu",
                        "--gpu.slot-amount", "0.5",
                        "--gpu.slot-cores", "2",
                        "--gpu.slot-heap", "300 mb",
                        "--gpu.slot-off-heap", "200 mb",
                        "--gpu.slot-managed", "100 mb",
                        "--cpu.slot-heap", "64 mb");
        ResourceProfile training = resources(graph, "freshet-training");
        ResourceProfile others = resources(graph, "freshet");

        assertThat(training.getExtendedResources())
                .extractingByKey("gpu")
                .satisfies(gpu -> assertThat(gpu.getValue().doubleValue()).isEqualTo(0.5));
        assertThat(training.getCpuCores().getValue().doubleValue()).isEqualTo(2);
        assertThat(training.getTaskHeapMemory()).isEqualTo(MemorySize.ofMebiBytes(300));
        assertThat(training.getTaskOffHeapMemory()).isEqualTo(MemorySize.ofMebiBytes(200));
        assertThat(training.getManagedMemory()).isEqualTo(MemorySize.ofMebiBytes(100));
        assertThat(others.getExtendedResources()).isEmpty();
        assertThat(others.getTaskHeapMemory()).isEqualTo(MemorySize.ofMebiBytes(64));
    }

    private static ResourceProfile resources(StreamGraph graph, String group) {
        return graph.getSlotSharingGroupResource(group).orElseThrow();
    }

    private static Map<String, Set<String>> operatorsByGroup(StreamGraph graph) {
        Map<String, Set<String>> operators = new TreeMap<>();
        for (StreamNode node : graph.getStreamNodes()) {
            String name = String.valueOf(node.getTransformationUID());
            operators
                    .computeIfAbsent(node.getSlotSharingGroup(), group -> new TreeSet<>())
                    .add(name);
        }
        return operators;
    }

    private static StreamGraph graph(String... options) {
        Configuration cluster = new Configuration();
        cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        cluster.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file:///checkpoints");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        Configuration job = Arguments.parse(options);
        job.set(StoreConfig.PATH, "file:///models");
        FreshetJob.build(env, job);
        return env.getStreamGraph();
    }
}
