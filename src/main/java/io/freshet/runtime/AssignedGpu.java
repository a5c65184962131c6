package io.freshet.runtime;

import java.util.Set;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.api.common.functions.RuntimeContext;

/** The GPU that Flink has assigned to this task manager. */
public final class AssignedGpu {

    /** Name of the external resource. */
    public static final String RESOURCE = "gpu";

    private static final String INDEX = "index";

    private AssignedGpu() {}

    /**
     * Index of the GPU among the host's. Flink gives a task all GPUs of its task manager, and does
     * not say which of them its slot asked for, so that there must be one.
     *
     * @throws IllegalStateException if there is none, or more than one
     */
    public static String index(RuntimeContext context) {
        return index(context.getExternalResourceInfos(RESOURCE));
    }

    static String index(Set<ExternalResourceInfo> gpus) {
        if (gpus.size() != 1) {
            throw new IllegalStateException(
                    "Found %d GPUs of this task manager, expected 1: set external-resources: gpu, external-resource.gpu.amount: 1 and a driver factory in its configuration, and start a task manager for each GPU"
                            .formatted(gpus.size()));
        }
        ExternalResourceInfo gpu = gpus.iterator().next();
        return gpu.getProperty(INDEX)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "The driver of external resource gpu gave %s without the property '%s', found only %s"
                                                .formatted(gpu, INDEX, gpu.getKeys())));
    }
}
