package io.freshet;

import io.freshet.config.DeviceConfig;
import io.freshet.config.DeviceConfig.Device;
import io.freshet.config.DeviceConfig.Slot;
import io.freshet.runtime.AssignedGpu;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.operators.SlotSharingGroup;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.PhysicalTransformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which operators share slots. Without GPUs all of them do, in Flink's default group. With GPUs
 * each operator that needs one has a group of its own, and every other one is in a third whose
 * resources are named as well: a default slot on a GPU task manager takes its share of the GPU, and
 * leaves less than the first groups ask for.
 */
final class SlotGroups {

    static final String TRAINING = "freshet-training";
    static final String RECOMMENDERS = "freshet-recommenders";
    static final String OTHERS = "freshet";

    private static final Logger LOG = LoggerFactory.getLogger(SlotGroups.class);

    private SlotGroups() {}

    /** Assigns every operator that was added so far, sources and sinks included. */
    static void assign(StreamExecutionEnvironment env, DeviceConfig config) {
        if (!config.usesGpus()) {
            return;
        }
        Map<String, SlotSharingGroup> groups = new HashMap<>();
        if (config.training() == Device.GPU) {
            groups.put(OperatorIds.FINE_TUNER, onGpu(TRAINING, config.gpuSlot()));
        }
        if (config.recommend() == Device.GPU) {
            groups.put(OperatorIds.RECOMMENDER, onGpu(RECOMMENDERS, config.gpuSlot()));
        }
        SlotSharingGroup others = group(OTHERS, config.cpuSlot()).build();
        for (Transformation<?> sink : env.getTransformations()) {
            for (Transformation<?> operator : sink.getTransitivePredecessors()) {
                if (operator instanceof PhysicalTransformation<?>) {
                    operator.setSlotSharingGroup(groups.getOrDefault(operator.getUid(), others));
                }
            }
        }
    }

    private static SlotSharingGroup onGpu(String name, Slot slot) {
        LOG.info(
                "The group {} waits for a task manager with a free slot of {}; the task manager's"
                        + " configuration must name the external resource",
                name,
                slot);
        return group(name, slot).setExternalResource(AssignedGpu.RESOURCE, slot.gpus()).build();
    }

    private static SlotSharingGroup.Builder group(String name, Slot slot) {
        return SlotSharingGroup.newBuilder(name)
                .setCpuCores(slot.cores())
                .setTaskHeapMemory(slot.heap())
                .setTaskOffHeapMemory(slot.offHeap())
                .setManagedMemory(slot.managed());
    }
}
