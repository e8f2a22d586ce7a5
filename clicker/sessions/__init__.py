"""Sessions: one device's stretch of play, from opening to pause, resume and close.

A session is active until no sign of life came for SESSION_IDLE_S, then the reaper pauses it; 24 hours later it is
closed. It can be resumed from either. Its sequence and what became of its last batch are written by `taps`.
"""
