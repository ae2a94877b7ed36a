"""What the GitHub Action (action.yml) and the Azure Pipelines template run: plans, starts and waits
with the command `vmss-rollout`, and says what came of it where people of the pipeline look. Only
the standard library: whatever else a pipeline has installed does not matter.
"""
