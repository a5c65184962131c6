package io.freshet.replay.ablation;

import java.util.List;
import java.util.Map;

/**
 * The variants side by side.
 *
 * @param settings what was replayed and how, by name, in the order to be shown in; for all variants
 * @param variants those that have been replayed, the full system first
 */
public record AblationReport(Map<String, String> settings, List<VariantResult> variants) {

    /** Whether every variant kept protocol P. */
    public boolean keepsProtocol() {
        return variants.stream().allMatch(VariantResult::keepsProtocol);
    }
}
