package io.freshet.model.tensorflow.device;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/**
 * What a session computes on.
 *
 * @param gpu index of a GPU among the host's, in the order of their bus; null for CPUs alone
 * @param memoryShare share of the GPU's memory that this process may take
 */
public record ComputeDevice(@Nullable String gpu, float memoryShare) implements Serializable {

    /** The host's cores. */
    public static final ComputeDevice CPU = new ComputeDevice(null, 0);

    private static final String GPU_TYPE = "GPU";

    /** A GPU, of whose memory this process may take a share. */
    public static ComputeDevice gpu(String index, float memoryShare) {
        return new ComputeDevice(index, memoryShare);
    }

    /**
     * Configuration of sessions. Operations are placed where they have a kernel, on the GPU first;
     * one that is bound to a device that is missing fails, and is not moved to another.
     */
    public ConfigProto.Builder session() {
        ConfigProto.Builder session = ConfigProto.newBuilder().setAllowSoftPlacement(false);
        if (gpu == null) {
            return session.putDeviceCount(GPU_TYPE, 0);
        }
        return session.putDeviceCount(GPU_TYPE, 1)
                .setGpuOptions(
                        GPUOptions.newBuilder()
                                .setVisibleDeviceList(gpu)
                                .setAllowGrowth(true)
                                .setPerProcessGpuMemoryFraction(memoryShare));
    }

    @Override
    public String toString() {
        return gpu == null ? "CPU" : "GPU %s with %s of its memory".formatted(gpu, memoryShare);
    }
}
