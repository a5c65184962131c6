package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

/**
 * What models compute on, and what the job's slots ask the cluster for if that is a GPU.
 *
 * @param training what the fine-tuner's model computes on
 * @param recommend what the recommenders' models compute on
 * @param gpuMemoryShare share of a GPU's memory that a process may take
 * @param gpuSlot what a slot with a GPU asks for
 * @param cpuSlot what any other slot asks for
 */
public record DeviceConfig(
        Device training, Device recommend, float gpuMemoryShare, Slot gpuSlot, Slot cpuSlot)
        implements Serializable {

    static final OptionGroup OPTIONS = new OptionGroup();

    public static final ConfigOption<Device> TRAINING =
            OPTIONS.choice("training.device", Device.CPU)
                    .describe(
                            "What fine-tuning computes on. With gpu it runs in a slot of its own on a "
                                    + "task manager with Flink's external resource gpu, and waits until "
                                    + "there is one.");

    public static final ConfigOption<Device> RECOMMEND =
            OPTIONS.choice("recommend.device", Device.CPU)
                    .describe(
                            "What recommenders score on. With gpu each of them runs in a slot of its "
                                    + "own on a task manager with the external resource gpu.");

    public static final ConfigOption<Float> GPU_MEMORY_SHARE =
            OPTIONS.real("gpu.memory-share", 0.9f, 0.01, 1)
                    .describe(
                            "Share of a GPU's memory that a task manager's models may take together; "
                                    + "it is taken as it is needed.");

    public static final ConfigOption<Float> GPU_SLOT_AMOUNT =
            OPTIONS.real("gpu.slot-amount", 1f, 0.01, 1)
                    .describe(
                            "Share of its task manager's GPU that a slot with a GPU asks for: 1 for all "
                                    + "of it, 0.5 for a fine-tuner and a recommender that share one.");

    public static final ConfigOption<Float> GPU_SLOT_CORES = cores("gpu.slot", "a slot with a GPU");
    public static final ConfigOption<MemorySize> GPU_SLOT_HEAP =
            heap("gpu.slot", "a slot with a GPU");
    public static final ConfigOption<MemorySize> GPU_SLOT_OFF_HEAP =
            offHeap("gpu.slot", "a slot with a GPU");
    public static final ConfigOption<MemorySize> GPU_SLOT_MANAGED =
            managed("gpu.slot", "a slot with a GPU");

    public static final ConfigOption<Float> CPU_SLOT_CORES = cores("cpu.slot", "any other slot");
    public static final ConfigOption<MemorySize> CPU_SLOT_HEAP = heap("cpu.slot", "any other slot");
    public static final ConfigOption<MemorySize> CPU_SLOT_OFF_HEAP =
            offHeap("cpu.slot", "any other slot");
    public static final ConfigOption<MemorySize> CPU_SLOT_MANAGED =
            managed("cpu.slot", "any other slot");

    /** What a model computes on. */
    public enum Device {
        /** The task manager's cores. */
        CPU("cpu"),
        /** The GPU that Flink has assigned to the task manager. */
        GPU("gpu");

        private final String value;

        Device(String value) {
            this.value = value;
        }

        /** The option's value. */
        @Override
        public String toString() {
            return value;
        }
    }

    /**
     * Resources of a slot.
     *
     * @param gpus share of a task manager's GPU; 0 for none
     * @param cores CPU cores
     * @param heap task heap
     * @param offHeap task off-heap memory, TensorFlow's
     * @param managed managed memory, RocksDB's
     */
    public record Slot(
            float gpus, float cores, MemorySize heap, MemorySize offHeap, MemorySize managed)
            implements Serializable {

        @Override
        public String toString() {
            return "%s%s cores, %s of task heap, %s of task off-heap, %s of managed memory"
                    .formatted(
                            gpus == 0 ? "" : gpus + " of the external resource gpu, ",
                            cores,
                            heap,
                            offHeap,
                            managed);
        }
    }

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static DeviceConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        return new DeviceConfig(
                read.get(TRAINING),
                read.get(RECOMMEND),
                read.get(GPU_MEMORY_SHARE),
                new Slot(
                        read.get(GPU_SLOT_AMOUNT),
                        read.get(GPU_SLOT_CORES),
                        read.get(GPU_SLOT_HEAP),
                        read.get(GPU_SLOT_OFF_HEAP),
                        read.get(GPU_SLOT_MANAGED)),
                new Slot(
                        0,
                        read.get(CPU_SLOT_CORES),
                        read.get(CPU_SLOT_HEAP),
                        read.get(CPU_SLOT_OFF_HEAP),
                        read.get(CPU_SLOT_MANAGED)));
    }

    /** Whether any model computes on a GPU. */
    public boolean usesGpus() {
        return training == Device.GPU || recommend == Device.GPU;
    }

    private static ConfigOption<Float> cores(String prefix, String slot) {
        return OPTIONS.real(prefix + "-cores", 1f, 0.01, 1024)
                .describe(
                        "CPU cores that %s asks for, if a model computes on a GPU."
                                .formatted(slot));
    }

    private static ConfigOption<MemorySize> heap(String prefix, String slot) {
        return OPTIONS.memory(prefix + "-heap", MemorySize.ofMebiBytes(768), MemorySize.parse("1m"))
                .describe("Task heap that %s asks for then.".formatted(slot));
    }

    private static ConfigOption<MemorySize> offHeap(String prefix, String slot) {
        return OPTIONS.memory(prefix + "-off-heap", MemorySize.ofMebiBytes(768), MemorySize.ZERO)
                .describe(
                        "Task off-heap memory, which TensorFlow takes, that %s asks for then."
                                .formatted(slot));
    }

    private static ConfigOption<MemorySize> managed(String prefix, String slot) {
        return OPTIONS.memory(
                        prefix + "-managed", MemorySize.ofMebiBytes(512), MemorySize.parse("1m"))
                .describe(
                        "Managed memory, which RocksDB takes, that %s asks for then."
                                .formatted(slot));
    }
}
