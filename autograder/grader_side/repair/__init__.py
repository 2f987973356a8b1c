"""The repair: one change of a wrong function that makes all its gradients right. For instructors alone."""
